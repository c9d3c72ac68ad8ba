"""The numbers behind C constants that the spec names. They are fixed parts of OpenSSL's ABI, or of lib/opt/values.h.

Only the tests need them: what a setting carries is compared with the number. A constant that is not here is compared by
everything else about it.
"""

from __future__ import annotations

_FLAGS = {
    "CRL_CHECK": 0x4, "CRL_CHECK_ALL": 0x8, "IGNORE_CRITICAL": 0x10, "X509_STRICT": 0x20, "ALLOW_PROXY_CERTS": 0x40,
    "POLICY_CHECK": 0x80, "EXPLICIT_POLICY": 0x100, "INHIBIT_ANY": 0x200, "INHIBIT_MAP": 0x400, "NOTIFY_POLICY": 0x800,
    "EXTENDED_CRL_SUPPORT": 0x1000, "USE_DELTAS": 0x2000, "CHECK_SS_SIGNATURE": 0x4000, "TRUSTED_FIRST": 0x8000,
    "SUITEB_128_LOS_ONLY": 0x10000, "SUITEB_192_LOS": 0x20000, "SUITEB_128_LOS": 0x30000, "PARTIAL_CHAIN": 0x80000,
    "NO_ALT_CHAINS": 0x100000, "NO_CHECK_TIME": 0x200000,
}  # fmt: skip
_PURPOSES = (
    "SSL_CLIENT", "SSL_SERVER", "NS_SSL_SERVER", "SMIME_SIGN", "SMIME_ENCRYPT", "CRL_SIGN", "ANY", "OCSP_HELPER",
    "TIMESTAMP_SIGN", "CODE_SIGN",
)  # fmt: skip
_FORMATS = ("ANY", "PEM", "DER", "P12", "ENGINE")

CONSTANTS: dict[str, int] = {
    **{f"X509_V_FLAG_{name}": number for name, number in _FLAGS.items()},
    **{f"X509_PURPOSE_{name}": number for number, name in enumerate(_PURPOSES, 1)},
    **{f"TLSEXT_max_fragment_length_{size}": number for number, size in enumerate((512, 1024, 2048, 4096), 1)},
    **{f"SAPP_FORMAT_{name}": number for number, name in enumerate(_FORMATS)},
}


def constant(name: str) -> int | None:
    """The number that a C constant or literal stands for; None when nobody wrote it down."""
    return int(name) if name.lstrip("-").isdigit() else CONSTANTS.get(name)
