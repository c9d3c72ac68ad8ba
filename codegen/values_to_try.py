"""Values for the generated tests: each bound just in and just out, each word and a near miss, each form of a text."""

from __future__ import annotations

from .bind import accepted
from .bound import BoundOption, Type
from .values import INT32, LIST_MAX

PORTS = ("0", "65535", "https", "+443", " 443", "00443", "3com-tsmux", "x")
NO_PORTS = ("65536", "99999999999999999999", "-1", "1.5", "a b", "#")
ADDRESSES = ("host.example:1", "[::1]:1", "[::1]", ":1", "host.example:", "*:1", "host.example:http", "1")
NO_ADDRESSES = ("", "a:b:c", "::1", "[]:1", "[::1", "[::1]1", "[::1]:1:2")
NO_NUMBERS = ("", "x", "0x10", "1.5", " 1", "1 ", "1x", "+", "-", "99999999999999999999")
NO_SECONDS = ("", "x", "1.", ".5", "-1", "+1", "1.0001", "1e1", "1,5")
NO_HEX = ("0x12", "zz", "12 ", "1g")


def values_to_try(option: BoundOption) -> list[tuple[str, str]]:
    """Values, each with the reason to try it, in a fixed order and each once."""
    value_type = option.type
    assert value_type is not None
    makers = {
        "int": _numbers, "seconds": _seconds, "enum": _words, "host_port": _addresses, "port": _ports, "hex": _hex,
        "list": _lists,
    }  # fmt: skip
    pairs = makers.get(value_type.base, _texts)(value_type)
    samples = option.record.samples
    pairs += [(text, "a sample") for text in (samples.ok + samples.bad if samples else [])]
    found: dict[str, str] = {}
    for text, reason in pairs:
        found.setdefault(text, reason)
    return list(found.items())


def two_values(option: BoundOption) -> list[str]:
    """Two values that the option takes, or one where it has no more."""
    if option.type is None:
        return []
    texts = [text for text, _reason in values_to_try(option) if accepted(option.type, text) and text]
    return texts[:2]


def _numbers(value_type: Type) -> list[tuple[str, str]]:
    low = value_type.min if value_type.min is not None else -(2**63)
    high = value_type.max if value_type.max is not None else 2**63 - 1
    pairs = [
        (str(low), "the smallest number"), (str(high), "the largest number"), (str(low - 1), "one too small"),
        (str(high + 1), "one too large"),
        (f"+{max(low, 1)}", "a number with a plus sign"),
        (f"00{max(low, 1)}", "a number with leading zeros"),
        (str(max(low, min(high, 0))), "the number closest to zero"),
    ]  # fmt: skip
    if low > INT32[0]:
        pairs.append((str(2**32 + low), "a number that 32 bits would cut to the smallest"))
    return pairs + [(text, "no number") for text in NO_NUMBERS]


def _milliseconds(number: int) -> str:
    return f"{number // 1000}.{number % 1000:03}"


def _seconds(value_type: Type) -> list[tuple[str, str]]:
    low, high = value_type.min or 0, value_type.max or 0
    pairs = [(_milliseconds(low), "the shortest time"), (_milliseconds(high), "the longest time")]
    pairs.append((_milliseconds(high + 1), "a millisecond too long"))
    if low > 0:
        pairs.append((_milliseconds(low - 1), "a millisecond too short"))
    pairs += [(text, "a time") for text in ("1", "1.5", "2.25", "3.125")]
    return pairs + [(text, "no time") for text in NO_SECONDS]


def _words(value_type: Type) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for word in value_type.words:
        pairs.append((word.text, "a word of the list" if word.available else "a word of other builds"))
    for word in value_type.words:
        pairs += [(f"{word.text}x", "a near miss"), (word.text[:-1], "a word cut short")]
        pairs += [(word.text.swapcase(), "a word in the other case"), (word.text[0].lower(), "a first letter")]
    return [*pairs, ("", "no word"), ("no such word", "no word")]


def _addresses(_type: Type) -> list[tuple[str, str]]:
    pairs = [(text, "an address") for text in ADDRESSES] + [(text, "no address") for text in NO_ADDRESSES]
    for text, reason in _ports(_type):
        pairs += [(f"host.example:{text}", f"an address with {reason}"), (text, f"{reason} alone")]
    return pairs


def _ports(_type: Type) -> list[tuple[str, str]]:
    return [(text, "a port") for text in PORTS] + [(text, "no port") for text in (*NO_PORTS, "")]


def _hex(value_type: Type) -> list[tuple[str, str]]:
    low, high = value_type.min or 0, value_type.max or 0
    pairs = [("ab" * low, "the fewest bytes"), ("cd" * high, "the most bytes")]
    pairs.append(("ef" * (high + 1), "a byte too many"))
    if low > 0:
        pairs.append(("12" * (low - 1), "a byte too few"))
    middle = max(low, min(high, 2))
    pairs += [("A" + "Bc" * (middle - 1), "an odd number of digits"), ("9F" * middle, "digits in upper case")]
    return pairs + [(text * max(1, low), "no hexadecimal digits") for text in NO_HEX]


def _lists(value_type: Type) -> list[tuple[str, str]]:
    low, high = value_type.min or 1, value_type.max or LIST_MAX
    separator = value_type.separator
    first, last = ("a", "b")
    pairs: list[tuple[str, str]] = []
    if value_type.item == "number":
        smallest, largest = value_type.item_min or 0, value_type.item_max or 0
        first, last = str(smallest), str(largest)
        outside = [(str(smallest - 1), "a number too small"), (str(largest + 1), "a number too large")]
        outside.append(("x", "no number"))
        pairs = [(separator.join([first] * (low - 1) + [text]), f"a list with {reason}") for text, reason in outside]
    pairs += [
        (separator.join([first] * (low - 1) + [last]), "the shortest list"),
        (separator.join([first] * (high - 1) + [last]), "the longest list"),
        (separator.join([first] * (high + 1)), "a list one too long"),
        (separator.join([first] * (low - 1)), "a list one too short"),
        (separator.join([first] * low) + separator, "a list with nothing at its end"),
        (separator + separator.join([first] * low), "a list with nothing at its beginning"),
    ]
    return pairs


def _texts(_type: Type) -> list[tuple[str, str]]:
    return [("a", "a text"), ("b c", "a text of two words"), ("-x", "a text with a dash"), ("", "the empty text")]
