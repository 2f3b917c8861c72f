/** All tags that entries have. */

import { computed } from '@preact/signals'
import { shelf } from '../../state/shelf'

export const tags = computed(() =>
  [...new Set(shelf.value.flatMap((entry) => entry.tags))].sort())
