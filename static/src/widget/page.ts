/** What the shop page tells about itself: its address, and the product or order in view. */

import type { Order, Page, Product } from '../shared/wire'

/** The server's limits for short texts and for addresses. */
const SHORT = 200
const LONG = 2000

type Loose = Record<string, unknown>

/** `data-product` on the script tag, else the schema.org `Product` that shops publish anyway. */
export function productOf(options: DOMStringMap): Product | undefined {
  return product(parsed(options.product)) ?? fromSchema()
}

export function orderOf(options: DOMStringMap): Order | undefined {
  const found = parsed(options.order)
  if (!found?.uid) return undefined
  const made: Order = { uid: short(found.uid) }
  for (const key of ['time', 'status', 'statusText', 'totalAmount'] as const) {
    if (found[key]) made[key] = short(found[key])
  }
  if (Array.isArray(found.goods)) {
    made.goods = found.goods.slice(0, 50).map(({ title, quantity }: Loose) =>
      ({ title: short(title), quantity: Number(quantity) || 1 }))
  }
  return made
}

export function pageNow(product: Product | undefined): Page {
  return {
    url: location.href.slice(0, LONG), title: short(document.title), ...(product && { product }),
  }
}

function fromSchema(): Product | undefined {
  for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
    const found = parsed(script.textContent ?? '')
    if (found?.['@type'] !== 'Product') continue
    const offers = [found.offers].flat()[0] as Loose | undefined
    const price = offers?.price === undefined ? undefined : money(offers)
    return product({
      id: found.sku, title: found.name, price, image: [found.image].flat()[0],
      url: found.url ?? location.href,
    })
  }
  return undefined
}

function money({ price, priceCurrency }: Loose): string {
  return priceCurrency === 'CNY' ? `¥${short(price)}` : `${short(price)} ${short(priceCurrency)}`
}

function product(found: Loose | undefined): Product | undefined {
  if (typeof found?.title !== 'string' || !found.title) return undefined
  const made: Product = { title: short(found.title) }
  for (const key of ['id', 'price'] as const) if (found[key]) made[key] = short(found[key])
  for (const key of ['image', 'url'] as const) {
    const address = found[key] ? new URL(String(found[key]), location.href).href : ''
    if (/^https?:/.test(address) && address.length <= LONG) made[key] = address
  }
  return made
}

function short(value: unknown): string {
  return String(value ?? '').slice(0, SHORT)
}

function parsed(json: string | undefined): Loose | undefined {
  try {
    const value: unknown = JSON.parse(json || 'null')
    return value && typeof value === 'object' ? value as Loose : undefined
  } catch {
    return undefined
  }
}
