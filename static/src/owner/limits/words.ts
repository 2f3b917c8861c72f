/** The words of this section. */

import { withCommon } from '../../shared/words'
import en from './phrases/en.json'
import zh from './phrases/zh-CN.json'

export const t = withCommon({ zh, en })
