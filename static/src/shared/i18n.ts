/** Typed phrases: one JSON per language and program; a key missing in one fails `tsc`.
 *
 * `{name}` is replaced by a value; `{n|message|messages}` picks the word for the number `n` by the
 * language's plural rules (first word for `one`, second for all others). */

export type Lang = 'zh-CN' | 'en'
export type Values = Readonly<Record<string, string | number>>
export type Say<K extends string> = (key: K, values?: Values) => string

/** Any `zh…` is Chinese, anything else English; nothing at all is Chinese, the shops' language. */
export function language(wanted: string | null | undefined): Lang {
  return !wanted || /^zh\b/i.test(wanted) ? 'zh-CN' : 'en'
}

/** `phrases` in both languages; a key that one of them lacks is an error of types. */
export function speak<K extends string>(
  phrases: Record<Lang, Record<K, string>>, lang: Lang,
): Say<K> {
  return speakOne(phrases[lang], lang)
}

/** For programs that are built once per language and carry only theirs. */
export function speakOne<K extends string>(phrases: Record<K, string>, lang: Lang): Say<K> {
  const plural = new Intl.PluralRules(lang)
  return (key, values = {}) =>
    phrases[key].replace(
      /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g,
      (whole, name: string, one?: string, many?: string) => {
        const value = values[name]
        if (value === undefined) return whole
        if (one === undefined) return String(value)
        return (plural.select(Number(value)) === 'one' ? one : many) ?? ''
      },
    )
}
