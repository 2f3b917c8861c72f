/** Where this section is. */

export const SECTION = 'imports'
