/** One file on its way to the server: with its progress, which `fetch` does not tell. */

import type { Refusal, SentFile } from './wire'

/** Nothing came back, or nothing that was ours: another try may do better. */
export const NO_ANSWER: Refusal = { code: 'unavailable', message: 'no answer' }
/** What another try may change. */
const PASSING = new Set(['rate_limited', 'unavailable', 'unauthorized'])
const SILENT_MS = 60_000

export interface Uploading {
  /** Resolves with the file as messages show it, or with the reason why not. */
  done: Promise<SentFile | Refusal>
  stop: () => void
}

export function upload(
  file: File, address: string, headers: Record<string, string>, told: (percent: number) => void,
): Uploading {
  const request = new XMLHttpRequest()
  const done = new Promise<SentFile | Refusal>((give) => {
    let silence = setTimeout(() => request.abort(), SILENT_MS)
    request.upload.onprogress = ({ loaded, total }) => {
      clearTimeout(silence)
      silence = setTimeout(() => request.abort(), SILENT_MS)
      told(Math.floor(loaded / total * 100))
    }
    request.onloadend = () => {
      clearTimeout(silence)
      give(read(request))
    }
  })
  request.open('POST', address)
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
  request.send(file)
  return { done, stop: () => request.abort() }
}

export function isRefusal(answer: SentFile | Refusal): answer is Refusal {
  return 'code' in answer
}

export function passes({ code }: Refusal): boolean {
  return PASSING.has(code)
}

function read({ status, responseText }: XMLHttpRequest): SentFile | Refusal {
  try {
    const answer = JSON.parse(responseText) as { file?: SentFile; error?: Refusal }
    return (status === 200 ? answer.file : answer.error) ?? NO_ANSWER
  } catch {
    return NO_ANSWER
  }
}
