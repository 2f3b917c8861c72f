/** The knowledge as a file, for other programs or for keeping. */

import type { JSX } from 'preact'
import { Icon } from '../../../shared/icon'
import { save } from '../../../shared/icons'
import type { ImportFormat } from '../../../shared/import-wire'
import { t } from '../words'

const FORMATS: readonly ImportFormat[] = ['workbook', 'qianniu', 'faq', 'lhc']

export function Export(): JSX.Element {
  return (
    <section class="card export" aria-labelledby="export-title">
      <h2 id="export-title">{t('export')}</h2>
      <p class="quiet">{t('exportHelp')}</p>
      <ul class="export-list">
        {FORMATS.map((format) => (
          <li key={format} class="export-one">
            <b>{t(`format_${format}`)}</b>
            <p class="quiet">{t(`export_${format}`)}</p>
            {format === 'qianniu' ? (
              <>
                <p class="quiet">{t('qianniuHelp')}</p>
                <p class="export-links">
                  <Download format={format} words="GBK" />
                  <Download format={format} words="UTF-8" encoding="utf8" />
                </p>
              </>
            ) : <p class="export-links"><Download format={format} words={t('download')} /></p>}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Without an encoding the server takes GBK as long as it holds every sign. */
function Download({ format, words, encoding }: {
  format: ImportFormat
  words: string
  encoding?: 'utf8'
}): JSX.Element {
  const name = [t(`format_${format}`), words !== t('download') && words].filter(Boolean).join(' ')
  return (
    <a class="button button-s" download aria-label={t('downloadOf', { name })}
      href={`/api/export?format=${format}${encoding ? `&encoding=${encoding}` : ''}`}>
      <Icon of={save} small />{words}
    </a>
  )
}
