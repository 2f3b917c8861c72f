/** Where unsent words wait: IndexedDB, or memory where the browser gives none (private windows). */

export interface Shelf<Item> {
  all(): Promise<Item[]>
  put(item: Item): Promise<void>
  drop(key: string): Promise<void>
}

export interface Shelved { client_id: string; scope: string }

const DATABASE = 'dianxiaoer'
const STORE = 'outbox'
/** Some browsers neither open nor refuse a database; the shopper must not wait for them. */
const OPEN_MS = 2_000

export async function openShelf<Item extends Shelved>(scope: string): Promise<Shelf<Item>> {
  const database = await opened().catch(() => null)
  return database ? durable<Item>(database, scope) : inMemory<Item>()
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    setTimeout(reject, OPEN_MS, new Error('shelf: IndexedDB does not open'))
    const request = indexedDB.open(DATABASE, 1)
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore(STORE, { keyPath: 'client_id' })
      store.createIndex('scope', 'scope')
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function durable<Item extends Shelved>(database: IDBDatabase, scope: string): Shelf<Item> {
  function within<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>) {
    return new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode)
      const request = work(transaction.objectStore(STORE))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = transaction.onerror = () => reject(transaction.error)
    })
  }
  const spare = inMemory<Item>()
  return {
    all: async () => [
      ...await within<Item[]>('readonly', (store) => store.index('scope').getAll(scope)),
      ...await spare.all(),
    ],
    /** A full disk must not cost the words: they then live as long as the page. */
    put: (item) =>
      within('readwrite', (store) => store.put(item)).then(
        () => spare.drop(item.client_id), () => spare.put(item),
      ),
    drop: async (key) => {
      await spare.drop(key)
      await within('readwrite', (store) => store.delete(key))
    },
  }
}

function inMemory<Item extends Shelved>(): Shelf<Item> {
  const items = new Map<string, Item>()
  return {
    all: async () => [...items.values()],
    put: async (item) => void items.set(item.client_id, item),
    drop: async (key) => void items.delete(key),
  }
}
