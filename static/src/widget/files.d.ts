declare module '*.css' {
  const text: string
  export default text
}

/* Put in by the build. */
declare const LANG: import('../shared/i18n').Lang
declare const PANEL_ZH: string
declare const PANEL_EN: string
declare const FORMS: string
declare const UPLOADS: string
/** Our accent, from `tokens.css`. */
declare const ACCENT: string
/** The outline of the launcher's picture, from the icon set. */
declare const BUBBLE: string
