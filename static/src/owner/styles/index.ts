/** The style sheets of the page, in the order of their layers. */

import '../../shared/tokens.css'
import '../../shared/base.css'
import '../../shared/parts.css'
import '../../shared/console.css'
import '../../shared/top.css'
import './frame.css'
import '../entries/styles/list.css'
import '../entries/styles/form.css'
import '../entries/styles/over.css'
import '../imports/styles/start.css'
import '../imports/styles/look.css'
import '../imports/styles/detail.css'
