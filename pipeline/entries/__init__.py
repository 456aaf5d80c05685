"""What a feed, a sitemap or a wire file says: bytes → FeedDocument. Pure; `detect.parse_document` is the door."""
