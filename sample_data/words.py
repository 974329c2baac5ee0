"""The vocabulary of Harbourline's titles and paths."""

DOMAINS = {
    "berth": (
        "berth plan", "berth window", "crane roster", "tide table", "vessel call", "mooring schedule", "quay map",
        "conflict list", "draught limit", "pilot booking", "tug order", "shift handover", "arrival notice",
        "priority rule", "bollard layout", "yard slot", "lashing job", "departure clearance", "terminal calendar",
    ),
    "manifest": (
        "cargo manifest", "bill of lading", "customs declaration", "container list", "hazard note", "seal record",
        "transit document", "duty estimate", "consignee record", "EDI message", "release order", "stowage file",
        "weight certificate", "packing list", "broker inbox", "rejection notice", "tariff lookup", "split shipment",
    ),
    "voyage": (
        "arrival estimate", "voyage plan", "port rotation", "weather route", "AIS track", "speed profile",
        "fuel report", "noon report", "delay alert", "port stay", "anchorage queue", "canal slot", "passage plan",
        "emission report", "schedule variance", "waypoint list", "congestion score", "charter summary",
    ),
    "platform": (
        "ingress", "staging cluster", "message queue", "backup job", "build cache", "secret store", "alert rule",
        "log pipeline", "deploy pipeline", "primary database", "replica", "metrics endpoint", "object store",
        "sign-in service", "cron runner", "feature switch", "test cluster", "cost report", "on-call rota",
    ),
}  # fmt: skip

FACTS = {
    "berth": ("length overall", "tide margin", "requested time", "agent", "berth number", "crane count", "draught",
              "planned stay", "shift"),
    "manifest": ("gross weight", "HS code", "seal number", "consignee", "country of origin", "package count",
                 "UN number", "reference number", "currency"),
    "voyage": ("arrival time", "distance to go", "speed", "fuel on board", "next port", "wave height", "ETA source",
               "time zone", "last position"),
    "platform": ("memory limit", "retention", "owner label", "timeout", "disk size", "retry count", "certificate",
                 "quota", "region"),
}  # fmt: skip

EVENTS = (
    "a terminal change", "the nightly import", "midnight UTC", "the clocks go forward", "a second sign-in",
    "a page reload", "a failed sync", "an undo", "a retry", "a change of port", "the monthly close", "a bulk edit",
    "a restart", "a cancelled call", "an upgrade",
)  # fmt: skip

CASES = (
    "when two vessels share a call", "for vessels without an IMO number", "on slow connections", "in Portuguese",
    "with more than 500 rows", "outside the home time zone", "for read-only users", "when the AIS feed drops out",
    "if the agent changes twice", "with an empty reference", "on the second page", "for barges", "under load",
    "after the time-out", "with umlauts in the name", "for the Santos terminal", "on tablets", "for archived records",
)  # fmt: skip

USERS = (
    "planners", "terminal operators", "pilots", "agents", "customs brokers", "harbour masters", "support staff",
    "shift leads", "carriers", "forwarders",
)  # fmt: skip

LAYERS = ("endpoint", "importer", "view", "background job", "cache", "form", "table", "export", "webhook", "parser",
          "client", "schema")  # fmt: skip

PARTNERS = ("the terminal system", "the carrier portal", "the port authority", "the customs gateway",
            "the pilot station", "the weather provider", "the data lake", "the billing system")  # fmt: skip

FORMATS = ("CSV", "PDF", "EDIFACT", "JSON", "Excel", "calendar feed")

TECHNIQUES = ("the new client library", "typed models", "async calls", "the shared component set",
              "prepared statements", "structured logging", "the event bus", "feature switches")  # fmt: skip

BUGS = (
    "{thing} shows the wrong {fact} after {event}",
    "{thing} shows the wrong {fact} {case}",
    "{thing} is empty after {event}",
    "{thing} {layer} fails {case}",
    "duplicate {thing} {case}",
    "{thing} loses its {fact} after {event}",
    "{thing} loads for twenty seconds {case}",
    "{layer} of the {thing} times out after {event}",
    "{thing} ignores the {fact} {case}",
    "{users} cannot open the {thing} {case}",
    "{thing} is sent twice after {event}",
    "rounding error in {fact} of the {thing} {case}",
)

STORIES = (
    "let {users} edit the {fact} of a {thing}",
    "let {users} comment on a {thing}",
    "show the {fact} on the {thing} {layer}",
    "export the {thing} as {format} for {users}",
    "filter the {thing} {layer} by {fact}",
    "warn {users} when the {fact} of a {thing} changes",
    "import the {thing} from {partner}",
    "send the {thing} to {partner} as {format}",
    "keep a history of the {thing} for {users}",
    "suggest a {fact} for a new {thing}",
    "let {users} subscribe to a {thing}",
    "share a {thing} with {users}",
    "undo for the {thing} {layer}",
    "check the {fact} of a {thing} against {partner}",
)

CHORES = (
    "split the {thing} {layer} into smaller parts",
    "raise test coverage of the {thing} {layer}",
    "document the {thing} {layer}",
    "move the {thing} {layer} to {technique}",
    "remove the old {thing} {layer}",
    "measure how slow the {thing} {layer} is {case}",
    "tighten access to the {thing} {layer}",
    "back up the {thing} before {event}",
    "replace the {fact} check of the {thing}",
    "alert when the {thing} {layer} fails after {event}",
    "raise the {fact} of the {thing}",
    "write a runbook for the {thing} {layer}",
    "clean up {fact} handling in the {thing} {layer}",
)

TIDYINGS = (
    "Tidy the {thing} {layer}",
    "Fix flaky test of the {thing} {layer}",
    "Rename {fact} in the {thing} {layer}",
    "Typo in the {thing} {layer}",
    "Speed up the {thing} {layer} tests",
    "Remove dead code from the {thing} {layer}",
    "Log more around the {thing} {layer}",
    "Use {technique} in the {thing} {layer}",
)

BUMPED = (
    "fastapi", "pydantic", "sqlalchemy", "react", "vite", "typescript", "eslint", "ktor", "jackson", "logback", "grpc",
    "protobuf", "terraform-provider-aws", "actions/checkout", "numpy", "httpx", "requests", "zod", "pytest", "ruff",
)  # fmt: skip

FILES = (
    "service", "models", "routes", "handlers", "schema", "repository", "rules", "mapper", "client", "jobs", "events",
    "validation", "cache", "view", "errors", "settings",
)  # fmt: skip

AREAS = {
    "quay-api": ("calls", "berths", "tides", "cranes", "notices", "agents", "auth"),
    "berth-planner": ("timeline", "map", "conflicts", "filters", "shifts", "print"),
    "manifest-service": ("manifests", "containers", "seals", "hazards", "release", "search", "billing"),
    "customs-edi": ("inbound", "outbound", "transit", "tariffs", "acks", "archive"),
    "voyage-eta": ("model", "weather", "ais", "alerts", "ports", "emissions", "reports"),
    "platform": ("cluster", "database", "network", "observability", "secrets", "pipelines", "cost"),
}
