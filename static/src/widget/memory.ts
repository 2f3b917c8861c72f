/** What one shop's widget remembers in this browser, shared by the shop's tabs; a browser that
 * forbids storage remembers as long as the page lives. */

type Key = 'visitor' | 'live' | 'seen' | 'draft' | 'sound' | 'carded'

export class Memory {
  #prefix: string
  #page = new Map<string, string>()

  constructor(inbox: string) {
    this.#prefix = `dxe:${inbox}:`
  }

  get(key: Key): string {
    try {
      return localStorage.getItem(this.#prefix + key) ?? this.#page.get(key) ?? ''
    } catch {
      return this.#page.get(key) ?? ''
    }
  }

  set(key: Key, value: string): void {
    this.#page.set(key, value)
    try {
      if (value) localStorage.setItem(this.#prefix + key, value)
      else localStorage.removeItem(this.#prefix + key)
    } catch { /* Storage is forbidden or full: the page's own copy is all there is. */ }
  }

  /** Another tab of the shop changed something. */
  onOther(heard: (key: Key, value: string) => void): void {
    addEventListener('storage', ({ key, newValue }) => {
      if (!key?.startsWith(this.#prefix)) return
      const name = key.slice(this.#prefix.length) as Key
      this.#page.set(name, newValue ?? '')
      heard(name, newValue ?? '')
    })
  }
}
