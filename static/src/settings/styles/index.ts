/** The style sheets of the page, in the order of their layers. */

import '../../shared/tokens.css'
import '../../shared/base.css'
import '../../shared/parts.css'
import '../../shared/console.css'
import '../../shared/top.css'
import './settings.css'
