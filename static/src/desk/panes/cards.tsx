/** A product or an order that the shopper sent. */

import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../../shared/icon'
import { picture, shop } from '../../shared/icons'
import type { Goods, Order, Product } from '../../shared/wire'
import { webAddress } from '../parts/address'
import { Text } from '../../shared/parts/text'
import { t } from '../words'

export function ProductCard({ product, text }: { product: Product; text: string }): JSX.Element {
  return (
    <div class="goods">
      <Picture source={product.image} />
      <div class="goods-words">
        <p class="goods-kind">{t('product')}</p>
        <p class="goods-title">{linked(product.title, product.url)}</p>
        {product.price && <p class="goods-price">{money(product.price)}</p>}
        {text && text !== product.title && <p><Text text={text} /></p>}
      </div>
    </div>
  )
}

export function OrderCard({ order, text }: { order: Order; text: string }): JSX.Element {
  return (
    <div class="order">
      <p class="order-head">
        <Icon of={shop} small />
        <span>{t('orderNumber', { uid: order.uid })}</span>
        {(order.statusText ?? order.status) && (
          <span class="chip chip-accent">{order.statusText ?? order.status}</span>
        )}
      </p>
      {order.goods?.map((goods, place) => <OrderLine key={place} goods={goods} />)}
      <p class="order-foot">
        {order.time && <span>{order.time}</span>}
        {order.totalAmount && <b>{t('orderTotal', { amount: money(order.totalAmount) })}</b>}
      </p>
      {text && text !== order.uid && <p><Text text={text} /></p>}
    </div>
  )
}

function OrderLine({ goods }: { goods: Goods }): JSX.Element {
  return (
    <div class="goods goods-small">
      <Picture source={goods.image} />
      <p class="goods-title">{goods.title}</p>
      <p class="goods-count">
        {goods.price && money(goods.price)} {goods.quantity !== undefined && `×${goods.quantity}`}
      </p>
    </div>
  )
}

/** Pictures of other sites are not fetched (the site would learn who reads); a sign stands in. */
function Picture({ source }: { source: string | undefined }): JSX.Element {
  const [failed, setFailed] = useState(false)
  if (!source || failed || !isOwn(source)) {
    return <span class="goods-picture"><Icon of={picture} /></span>
  }
  return (
    <img class="goods-picture" src={source} alt="" loading="lazy" onError={() => setFailed(true)} />
  )
}

function isOwn(source: string): boolean {
  try {
    return new URL(source, location.href).origin === location.origin
  } catch {
    return false
  }
}

function linked(words: string, url: string | undefined): JSX.Element | string {
  const href = url && webAddress(url)
  if (!href) return words
  return <a href={href} target="_blank" rel="noopener noreferrer">{words}</a>
}

function money(amount: string): string {
  return /^[\d.,]+$/.test(amount) ? `¥${amount}` : amount
}
