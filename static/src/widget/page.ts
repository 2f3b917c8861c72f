/** What the shop page tells about itself: its address, and the product or order in view. */

import type { Order, Page, Product } from '../shared/wire'

type Loose = Record<string, unknown>

/** `data-product` on the script tag, else the schema.org `Product` that shops publish anyway. */
export function productOf(options: DOMStringMap): Product | undefined {
  return product(parsed(options.product)) ?? fromSchema()
}

export function orderOf(options: DOMStringMap): Order | undefined {
  const found = parsed(options.order)
  return typeof found?.uid === 'string' ? found as unknown as Order : undefined
}

export function pageNow(product: Product | undefined): Page {
  return {
    url: location.href.slice(0, 2000), title: document.title.slice(0, 200), ...(product && { product }),
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
  return priceCurrency === 'CNY' ? `¥${String(price)}` : `${String(price)} ${String(priceCurrency ?? '')}`
}

function product(found: Loose | undefined): Product | undefined {
  if (typeof found?.title !== 'string' || !found.title) return undefined
  const made: Product = { title: found.title.slice(0, 200) }
  for (const key of ['id', 'price', 'image', 'url'] as const) {
    const value = found[key]
    if (typeof value !== 'string' && typeof value !== 'number') continue
    made[key] = key === 'image' || key === 'url'
      ? new URL(String(value), location.href).href : String(value)
  }
  return made
}

function parsed(json: string | undefined): Loose | undefined {
  try {
    const value: unknown = JSON.parse(json || 'null')
    return value && typeof value === 'object' ? value as Loose : undefined
  } catch {
    return undefined
  }
}
