/** Finding `/words` before the caret: the call for the phrase menu (pure). */

export interface Slash { start: number; query: string }

/** Not inside an address, a date or a path: there a `/` follows a letter, a digit or a sign. */
const CALL = /(?:^|[^\w:/.\-~])\/([^\s/]{0,20})$/

export function slashBefore(text: string, caret: number): Slash | null {
  const query = CALL.exec(text.slice(0, caret))?.[1]
  return query === undefined ? null : { start: caret - query.length - 1, query }
}
