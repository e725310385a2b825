"""Said when a system begins: that its workers may come to need more connections than PostgreSQL gives them.

A warning and no refusal: connections are made when they are needed, and who finds none waits for one. A server that
was given fewer connections must not keep a system from starting that served well a moment ago (docs/adr/0037).
"""

import structlog

from poreka.store.database import Database
from poreka.store.postgres.limits import SPARE, connections_given, connections_needed, same_server
from poreka.web.settings.every_kind import CommonSettings

log = structlog.get_logger()


async def warn_of_too_few_connections(settings: CommonSettings, database: Database, workers: int) -> None:
    """Compare what may be needed with what there is, and say the whole sum when it does not fit."""
    if database.engine != "postgresql":
        return
    urls = [settings.system.database]
    urls += [url for url, _ in settings.other_databases() if same_server(urls[0], url)]
    pool = settings.system.database_connections
    needed, given = connections_needed(workers, pool, len(urls)), await connections_given(database)
    if needed > given:
        log.warning(
            "PostgreSQL gives fewer connections than may be needed: raise its max_connections"
            " or lower system.database_connections",
            given=given,
            needed=needed,
            workers=workers,
            database_connections=pool,
            databases=len(urls),
            worker_being_renewed=1 if workers > 1 else 0,
            spare=SPARE,
        )
