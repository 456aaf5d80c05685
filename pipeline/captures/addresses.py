"""Network addresses that a feed or a page has no business to name."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# Cloud machines answer here with credentials, on an address that is public by its number.
_METADATA = frozenset({ip_address("168.63.129.16")})
_NAT64 = ip_network("64:ff9b::/96")  # RFC 6052: the IPv4 address is in the last four bytes


def is_public(address: str) -> bool:
    """Whether an address can be reached from anywhere: not private, loopback, link-local, shared (RFC 6598),
    multicast, reserved or a cloud's metadata service, nor any of them wrapped in an IPv6 address.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address) and (wrapped := _wrapped(ip)):
        return _is_global(wrapped)
    return _is_global(ip)


def literal_address(host: str) -> str | None:
    """The address that a URL's host is, in any spelling that resolvers take (`127.1`, `0x7f000001`, `2130706433`)."""
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    if not host[:1].isdigit():
        return None
    try:
        return str(IPv4Address(socket.inet_aton(host)))
    except (OSError, ValueError):
        return None


def is_local_name(host: str) -> bool:
    """Names that mean this machine by definition (RFC 6761 6.3)."""
    return host == "localhost" or host.endswith(".localhost")


def _wrapped(ip: IPv6Address) -> IPv4Address | None:
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def _is_global(ip: IPv4Address | IPv6Address) -> bool:
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in _METADATA
