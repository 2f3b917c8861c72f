/** An address that a click may follow: the web's own two schemes, nothing else. */

export function webAddress(url: string): string | null {
  try {
    const { protocol, href } = new URL(url, location.origin)
    return protocol === 'http:' || protocol === 'https:' ? href : null
  } catch {
    return null
  }
}
