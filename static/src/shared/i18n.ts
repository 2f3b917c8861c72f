/** Typed phrases: one JSON per language and program; a key missing in one fails `tsc`.
 *
 * `{name}` is replaced by a value; `{n|message|messages}` picks the word for the number `n` by the
 * language's plural rules (first word for `one`, second for all others). */

export type Lang = 'zh-CN' | 'en'
export type Values = Readonly<Record<string, string | number>>
export type Say<K extends string> = (key: K, values?: Values) => string

/** Any `zh…` is Chinese and anything else English; nothing at all is Chinese, the shops' language. */
export function language(wanted: string | null | undefined): Lang {
  return !wanted || /^zh\b/i.test(wanted) ? 'zh-CN' : 'en'
}

export function speak<K extends string>(
  phrases: Record<Lang, Record<K, string>>, lang: Lang,
): Say<K> {
  const plural = new Intl.PluralRules(lang)
  return (key, values = {}) =>
    phrases[lang][key].replace(
      /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g,
      (whole, name: string, one?: string, many?: string) => {
        const value = values[name]
        if (value === undefined) return whole
        if (one === undefined) return String(value)
        return (plural.select(Number(value)) === 'one' ? one : many) ?? ''
      },
    )
}
