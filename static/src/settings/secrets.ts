/** Secrets made here, for fields that both sides must know. */

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** How many characters; fields that are not named here are given by the other side. */
const LENGTHS: Readonly<Record<string, number>> = {
  token: 32, encoding_aes_key: 43, identity_secret: 43, 'webhook.secret': 43,
}

export function lengthOf(kind: string, field: string): number | undefined {
  return LENGTHS[`${kind}.${field}`] ?? LENGTHS[field]
}

export function generate(length: number): string {
  let made = ''
  while (made.length < length) {
    // Bytes past the last whole round of letters would make the first letters likelier.
    const bytes = crypto.getRandomValues(new Uint8Array(length))
    for (const byte of bytes) {
      if (byte < 256 - 256 % LETTERS.length) made += LETTERS.charAt(byte % LETTERS.length)
    }
  }
  return made.slice(0, length)
}
