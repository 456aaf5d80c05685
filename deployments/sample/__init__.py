"""The sample wire: six weeks of invented news from invented places, for rehearsals, tests and first looks.

    stories/*.toml ──► stories.compose ──► Item ──► pages, feeds, wires ──► routes ──► site (a proxy on loopback)
    sources.toml, outlets.toml ──► Outlet ──┘                                └──► gold: what must come out

Nobody in it exists, and no host of it answers outside of this program: all end in `.example` (RFC 2606, section 2).
"""
