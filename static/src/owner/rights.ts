/** Who may write: those who lead. */

import { boot } from '../shared/boot'

export const mayWrite = boot.agent.role !== 'agent'
