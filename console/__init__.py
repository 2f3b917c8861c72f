"""Customer service itself: conversations, agents, routing, and the wires that show them.

Arrows go down only: app -> web, jobs -> desk -> store, events, model. Everything that changes a
conversation, an agent or the knowledge is a verb on the desk: one transaction, commit, publish.

What waits has an end, and something is done when it comes to it (R32). A connection has one frame
in work at a time, so whatever else waits for reads or for the matcher is as short as there are
connections, of which one address has 20.

    what waits                       where              most    then
    units of work for the disk       store.sqlite       16384   refused: unavailable
    units of work, PostgreSQL        store.postgres     4096    refused: unavailable
    passwords to be hashed           desk.entrance      64      refused: rate_limited
    tries to sign in, remembered     desk.tries         10000   those who tried least are forgotten
    shoppers to be suggested for     desk.prompter      1024    the first goes without
    wordings, remembered             desk.learning      50000   those not used for longest go
    matched messages to be recorded  desk.asked          64      they are written first
    letters being sent               outbox             32      the others wait in the database
    packets to one client            web.engine         256     its connection is cut; it resumes
    bytes of one frame               web.sockets        65536   its connection is cut
    bytes of one body                app                1048576 refused: too_large
    bytes of one file                web.imports_api    20971520 refused: too_large
    limits, remembered               web.limits         50000   those at rest are forgotten
    news of one thing that changes   tasks              2       told once, with the newest state
    commands beside the server       control            16      refused: busy
    moments at which it was late     telemetry          256     the oldest is forgotten
"""
