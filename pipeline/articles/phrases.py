"""What boilerplate is called in markup, and what it says: small sets, one pattern a line.

Names are matched against `lines.names_of` (lower case, `_` as `-`). Phrases are of the languages of the wires, and
count only where `boilerplate` allows it: near an end of the text, or in lines that are links. A list fitted to single
sites has no place here.
"""

import re


def _any(patterns: str) -> re.Pattern[str]:
    """One pattern that matches where a line of `patterns` does, in any case."""
    return re.compile("|".join(line.strip() for line in patterns.strip().splitlines()), re.IGNORECASE)


SENTENCE_END = re.compile(r"[.!?…。][\"'”’»)\]]*$")

# The order is that of precedence, where an element's names say several.
PICTURE = re.compile(r"image|photo|picture|foto|\bbild|\bmedia(?!wiki)|figure")
NAMES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "caption",
        _any(r"""
            \bfig-?caption
            \bcaption
            caption\b
            bildunterschrift|bildtext
            image-?(?:credit|description|source)
            (?:photo|picture|media)-?credit
            wp-caption-text
            \blegende?\b
        """),
    ),
    (
        "embed_notice",
        _any(r"""
            (?:social|content|embed|media|video)-?(?:placeholder|blocker|opt-?in|consent|privacy)
            (?:consent|privacy|opt-?in)-?(?:embed|placeholder|overlay|wrapper)
            external-?content-?(?:placeholder|notice|consent)|borlabs|embetty
        """),
    ),
    ("contents", _any(r"\btoc\b|\btoc-?(?:list|container|title)|table-?of-?contents|inhaltsverzeichnis|anchor-?nav")),
    ("dialog", _any(r"\bmodal\b|\bdialog\b|\bpop-?up\b|\blightbox\b|\btoast\b")),
    ("navigation", _any(r"bread-?crumbs?|\bcrumbs?\b|-crumbs?\b|\bpagination\b")),
    ("kicker", _any(r"kicker|overline|eyebrow|dachzeile|spitzmarke|roofline")),
    ("newsletter", _any(r"newsletter|sign-?up|mailing-?list|mc-embed|email-?capture")),
    ("cookie", _any(r"\bcookie|\bgdpr\b|consent-?(?:banner|box|layer)")),
    (
        "comment_notice",
        _any(
            r"\bdisqus|comments?-?(?:closed|section|area|form|list|link|wrap|add)|kommentare|kommentar-?(?:modul|form|box)"
        ),
    ),
    (
        "tag_list",
        _any(r"""
            \b(?:(?:post|article|entry|story|content)-*)?tags?(?:-*(?:list|links|cloud|container|items?))?\b(?!-)
            filed-?under|keywords
        """),
    ),
    (
        "share",
        _any(r"""
            \bshar(?:e|ing)\b
            share-?(?:bar|tools|buttons|links)|sharedaddy|likes-widget
            social-?(?:share|links|media|bar|follow)
            follow-?us
        """),
    ),
    (
        "author_bio",
        _any(r"""
            saboxplugin
            author-*(?:bio|box|info|card|desc|detail|profile|about|footer|end)
            about-?(?:the-)?author
            \bbio\b
            contributor-?(?:bio|info)
            autor(?:en)?-?(?:box|info|profil|kasten)
        """),
    ),
    (
        "related",
        _any(r"""
            \brelated|recirc|recommend|outbrain|taboola
            read-?(?:more|next|also)
            more-?(?:on|from|stories|news)\b
            most-?(?:read|popular|viewed)
            you-?may|lire-?aussi|leggi-?anche|lees-?ook
            in-?content-?promo|promo-?box|inline-?(?:link|story|article|promo)
            interlink|linkbox|cross-?link|article-?list\b|storylist|pullthrough
        """),
    ),
    (
        "paywall",
        _any(r"""
            paywall-?(?:box|overlay|prompt|layer|teaser|message|wrapper|container)|regwall|offer-?wall
            subscri(?:be|ption)-?(?:prompt|box|banner|promo|cta)
            abo-?(?:box|layer|teaser)
        """),
    ),
    ("copyright", _any(r"\bcopyright|rights-?reserved|copyline")),
    (
        "advert",
        _any(r"""
            \badvert|sponsor|commerce-?unit
            \bamp-ad\b
            \bad-?(?:slot|container|wrapper|box|label)\b
            affiliate-?(?:box|disclaimer|note)
        """),
    ),
    ("byline", _any(r"\bbyline|article-?author\b|authors?-?(?:name|list)|\bauthor\b")),
    (
        "date_line",
        _any(r"""
            (?:publish|post|article|entry|update)d?-*(?:date|time|on)\b
            \bdate-?line\b|\btimestamp\b
            reading-?time|read-?time
        """),
    ),
)
SHORT_ONLY = frozenset(
    {"byline", "date_line", "kicker", "tag_list", "copyright"}
)  # names that only short lines are judged by

COMMENTS = _any(r"""
    ^(?:view |show |read |\d+ )?comments?\b.{0,12}$
    \bcomments? (?:are|is|have been|on this)\b.{0,30}\b(?:closed|disabled|no longer|not available|turned off)
    ^(?:leave|post|add|write) a (?:comment|reply)
    ^join the (?:conversation|discussion)
    kommentar(?:e|funktion)\b.{0,40}(?:geschlossen|deaktiviert|nicht mehr)
    commentaires? (?:sont |est )?(?:ferm|désactiv)
    comentarios? (?:est[áa]n? )?(?:cerrad|desactivad)
    comentários (?:encerrados|fechados|desativados)
    commenti (?:sono )?chiusi
    reacties (?:zijn )?gesloten
""")
TAGS = _any(r"""
    ^(?:filed under|posted in|tags?|tagged(?: with| as)?|topics?|more on)\s*:
    ^(?:schlagw[oö]rte?r?|themen|mots[- ]cl[ée]s|etiquetas|temas|argomenti|trefwoorden|nyckelord|emneord)\s*:
    ^(?:avainsanat|tematy|теги|темы|etiketler|タグ|関連)\s*[:：]
    ^filed under\b.{0,60}$
    ^(?:tags|topics|filed under)$
""")
NEWSLETTER = _any(r"""
    (?:^|[.!?:|•]\s*)(?:sign up|subscribe|register)\b.{0,60}\b(?:newsletter|inbox|updates|channel|alerts|e-?mails?)
    \b(?:here|please|can|want to|to) (?:sign up|subscribe|register)\b.{0,60}\b(?:newsletter|inbox|channel|alerts)
    \bour (?:free )?(?:daily |weekly )?newsletters?\b
    \bnewsletters?\b.{0,60}\b(?:abonnieren|anmelden|bestellen|subscribe|sign up|inscri|suscr|iscri|assine|aanmelden)
    (?:melden sie sich|abonnieren sie|jetzt).{0,60}newsletter
    (?:inscrivez|abonnez)-vous
    suscr[ií]b(?:e|a|ete|ase)\b.{0,60}(?:bolet|newsletter|canal)
    iscriviti .{0,40}newsletter
    (?:assine|receba) .{0,40}newsletter
    ^subscribe (?:to|now)\b
    ^get the (?:latest|day.s|top|best) .{0,80}(?:inbox|e-?mail|newsletter)
""")
RELATED = _any(r"""
    ^(?:also )?(?:read|see|watch)(?: also| more| next| too)?\s*[:>»|-]
    ^(?:related|see also|also read|also on|more|recommended|don.t miss|most read)(?: stories| articles| news)?\s*[:>»|-]
    ^(?:related (?:stories|articles|posts|news|content)|read more|more stories|recommended for you|related)\W*$
    ^you (?:may|might) also (?:like|be interested in)\W*$
    ^more on this(?: story)?\W*$
    ^lesen sie (?:auch|hier|mehr|dazu)\b
    ^mehr (?:zum thema|dazu|lesen)\b
    ^(?:siehe auch|auch interessant|das könnte (?:sie|dich) auch|lesetipp|hintergrund zum thema)\b
    ^(?:à )?lire (?:aussi|également)\b
    ^voir aussi\b
    ^(?:lea|lee|leer) (?:también|tambien|más|además)\b
    ^te puede interesar
    ^\(?leggi anche\b
    ^leia (?:também|mais|tambem)\b
    ^lees ook\b
    ^(?:les|læs) også\b
    ^läs (?:också|även|mer)\b
    ^lue myös\b
    ^(?:czytaj|zobacz) (?:także|też|również)\b
    ^читайте (?:также|ещё)\b
    ^ayrıca oku
    ^関連記事
""")
SHARE = _any(r"""
    ^(?:share|tweet|pin|e-?mail|print)(?: (?:this|it|on|the|article|via|with)\b.{0,60})?\W*$
    ^(?:teilen|drucken|partager|compartir|compartilhe|condividi|del|dela|jaa)(?: (?:auf|sur|en|su|på)\b.{0,60})?\W*$
    ^follow (?:\S+ ){1,7}(?:on|at) (?:twitter|x|facebook|instagram|youtube|linkedin|threads|bluesky|whatsapp|telegram)
    ^like (?:us|this|what)\b.{0,60}(?:facebook|share|friend)
    ^folgen? sie uns\b|^folge uns\b
    ^suivez[- ](?:nous|notre)
    ^s[ií]gu(?:enos|e)\b.{0,60}(?:twitter|facebook|instagram|whatsapp)
    ^seguici\b
    ^siga\b.{0,40}(?:twitter|facebook|instagram)
    ^click here to (?:get|download|sign|subscribe)
    ^(?:order reprints|print article|download .{0,20}app)\b
""")
COOKIE = _any(r"""
    \bcookies?\b.{0,120}\b(?:accept|consent|agree|settings|zustimm|akzept|accepter|aceptar|acceptez|acepta|accetta)
    \b(?:accept|zustimm|akzept)\w*\b.{0,60}\bcookies?\b
""")
ADVERT = re.compile(
    r"[-–—\s]*(?:advertisement|advertorial|sponsored content|anzeige|werbung|publicité|publicidad|pubblicità"
    r"|publicidade|advertentie|reklam[ae]?|annonse?|mainos|реклама|広告|광고)[-–—\s]*",
    re.IGNORECASE,
)
# What stands in the place of a post or a film that was not loaded. It counts wherever it stands.
# Each of its sentences has one of the words.
EMBED_WORDS = ("extern", "estern", "empfohlen", "recommended", "drittplattformen", "third-party")
EMBEDDED = _any(r"""
    ^(?:empfohlener|externer) (?:redaktioneller |externer )?inhalt\b.{0,40}$
    ^(?:external|recommended) content\b.{0,40}$
    ^(?:contenu externe|contenido externo|contenuto esterno|conteúdo externo)\b.{0,40}$
    \bexterne[rn]? inhalte?n?\b.{0,160}\b(?:angezeigt|anzeigen|geladen|laden|freigeben|anreicher)
    \b(?:laden|anzeigen) .{0,40}\bexterne[rn]? inhalte?n?\b
    \bexternal content\b.{0,160}\b(?:displayed|shown|loaded|blocked)
    \bcontenus? externes?\b.{0,160}\b(?:affich|charg)
    \bcontenidos? externos?\b.{0,160}\b(?:mostrar|mostrado|cargar|cargado)
    \bcontenut[oi] estern[oi]\b.{0,160}\b(?:visualizz|caricat)
    \b(?:drittplattformen|third-party platforms)\b.{0,80}\b(?:übermittelt|transmitted)
""")
COPYRIGHT = _any(r"""
    ^\W*(?:©|\(c\)\s|copyright(?:\W*$|\W+(?:©|ⓒ|\(c\)|\d{4}|by\b|\w+$)))
    all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados
    tutti i diritti riservati|todos os direitos reservados|alla rättigheter|무단\s?전재
    \b(?:material|content|story|article|report|image|photo)s?\b.{0,40}\bmay not be (?:published|reproduced|broadcast)
    may not be (?:published|reproduced),? (?:or )?(?:broadcast|rewritten|(?:re)?distributed)
    personal, non-commercial use
    ^our standards:
""")
BIO = _any(r"""
    ^(?:about the author|über (?:den autor|die autorin)|sobre (?:el|la|o|a) autora?|à propos de l.auteur)\b
    ^(?:[^\W\d_][\w.’'-]+ ){2,4}is an? .{0,60}\b(?:writer|reporter|editor|journalist|correspondent|columnist)\b
    ^(?:[^\W\d_][\w.’'-]+ ){2,4}is an? .{0,60}\b(?:contributor|author|fellow|professor) (?:at|for|of|to|in|with)\b
    \b(?:write to|contact|e-?mail|reach|follow|send tips to)\b.{0,60}(?:\S+@\S+\.\w+|@\w{3,})
    \bcan be (?:reached|contacted|followed|emailed)\b.{0,80}(?:@|\d{3}|\b(?:twitter|x|facebook|linkedin|e-?mail)\b)
    ^\S+@\S+\.\w{2,}$
    ^(?:https?://)?(?:www\.)?(?:twitter|x|facebook|instagram)\.com/\S+$
    ^(?:have a tip|got a tip|do you have a (?:story|tip))\b
""")
CREDIT = _any(r"""
    \bcontributed (?:to this (?:report|story|article|dispatch|piece)|reporting)\b
    ^(?:additional|with) reporting by\b
    ^this (?:story|article|report) (?:was|has been|first|originally)\b.{0,80}(?:published|produced|generated|auto)
    ^(?:mit material|mit informationen|unter verwendung)\b
    ^(?:avec|con informazioni di|con información de|com informações d[aeo])\s.{0,40}$
    ^\W*(?:source|quelle|fuente|fonte|bron|kilde)s?\s*:.{0,60}$
    ^(?:the )?associated press\W*.{0,40}$
    ^more ap\b
""")

# What a page says where its text breaks off.
PAYWALL = re.compile(
    r"^(?:this (?:story|article|content) is (?:only )?(?:for|available to|reserved for) (?:our )?subscribers"
    r"|subscribe (?:now )?to (?:read|continue|keep reading)|already a subscriber|diesen artikel lesen sie mit"
    r"|jetzt (?:abonnieren|weiterlesen)|(?:cet article|la suite de cet article) est réservée? aux abonnés"
    r"|il vous reste \d+|contenido exclusivo para suscriptores|suscríb[ae]\w* para (?:seguir|continuar)"
    r"|conteúdo exclusivo para assinantes|contenuto riservato agli abbonati|alleen voor abonnees)"
    r"|会員限定|有料会員|有料記事|구독자 전용|유료 회원",
    re.IGNORECASE,
)

AT_BOTTOM = (
    ("paywall", PAYWALL),
    ("comment_notice", COMMENTS),
    ("tag_list", TAGS),
    ("newsletter", NEWSLETTER),
    ("cookie", COOKIE),
    ("related", RELATED),
    ("share", SHARE),
    ("copyright", COPYRIGHT),
    ("author_bio", BIO),
    ("credit", CREDIT),
)
IN_LINKS = (("related", RELATED), ("share", SHARE), ("newsletter", NEWSLETTER))

BYLINE = re.compile(
    r"^(?:by|von|par|por|di|door|av|af|text|texto|testo|written by|posted by|author|autorin?|reporter)\s*:?\s+"
    r"(?:\S++\s?+){1,12}+$",  # possessive: a long word can be split into twelve parts in a billion ways
    re.IGNORECASE,
)
READING_TIME = _any(r"""
    \b\d+\s*(?:-\s?\d+\s*)?(?:min(?:ute|uto|uten)?s?\b|분)\.?\s*(?:read|lesezeit|to read|leestijd)
    \b\d+\s*min(?:ute|uto)?s?\.?\s*(?:de lectura|de lecture|de leitura|di lettura)
    (?:lesezeit|tempo (?:de leitura|di lettura)|temps de lecture|tiempo de lectura|leestijd|reading time)\b
""")
# What stands beside a date on a line that is a date alone.
DATE_WORDS = re.compile(
    r"\b(?:published|updated|posted|modified|last|on|at|stand|aktualisiert|veröffentlicht|erstellt|uhr|am|um|vom"
    r"|publié|mis à jour|le|à|publicado|actualizado|atualizado|em|às|el|a las|pubblicato|aggiornato|il|alle"
    r"|gepubliceerd|om|op|ist|est|edt|gmt|utc|cet|pm|mon|tue|wed|thu|fri|sat|sun)\w*\b",
    re.IGNORECASE,
)
