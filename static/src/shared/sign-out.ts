/** Leaving the console. */

import { post, toLogin } from './http'
import { notify } from './notices'
import { say } from './words'

export async function signOut(): Promise<void> {
  try {
    await post('/api/logout')
    toLogin()
  } catch {
    notify({ kind: 'failed', text: say('refused_unavailable') })
  }
}
