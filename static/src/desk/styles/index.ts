/** The console's style sheets, in the order of their layers. */

import '../../shared/tokens.css'
import '../../shared/base.css'
import '../../shared/parts.css'
import './frame.css'
import './top.css'
import './list.css'
import './talk.css'
import './composer.css'
import './side.css'
import './over.css'
import './letters.css'
