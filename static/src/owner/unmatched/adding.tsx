/** Giving the wordings to an entry that is there: the likeliest ones, or one that is found. */

import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { TriedMatch, TriedTexts } from '../../shared/entry-wire'
import { HttpError, post } from '../../shared/http'
import { percent, refused } from '../../shared/words'
import { addSimilar } from '../entries/changing'
import { Finder } from '../parts/finder'
import { unmatched } from './listed'
import { t } from './words'

const LIKELIEST = 3

export function Adding({ text, wordings, done }: {
  text: string
  wordings: readonly string[]
  done: () => void
}): JSX.Element {
  const [likely, setLikely] = useState<readonly TriedMatch[]>([])
  const [problem, setProblem] = useState('')
  useEffect(() => {
    const asking = new AbortController()
    post<TriedTexts>('/api/match', { texts: [text] }, { signal: asking.signal }).then(
      ({ items }) => setLikely((items[0]?.found ?? []).slice(0, LIKELIEST)),
      (reason: unknown) => {
        if (asking.signal.aborted) return
        if (!(reason instanceof HttpError)) throw reason
        setProblem(refused(reason.refusal))
      })
    return () => asking.abort()
  }, [text])
  const add = async (entry: string): Promise<void> => {
    if (!await addSimilar(entry, wordings)) return
    done()
    void unmatched.load()
  }
  if (wordings.length === 0) return <p class="quiet" role="status">{t('chooseSome')}</p>
  return (
    <div class="adding">
      <p class="item-why">{t('addWhich', { n: wordings.length })}</p>
      {likely.length > 0 && (
        <ul class="likely">
          {likely.map(({ entry, question, score }) => (
            <li key={entry}>
              <button type="button" class="button button-s" onClick={() => void add(entry)}>
                {question}<span class="quiet">{percent(score)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {problem && <p class="quiet" role="status">{problem}</p>}
      <Finder label={t('findEntry')} pick={(id) => void add(id)} first />
    </div>
  )
}
