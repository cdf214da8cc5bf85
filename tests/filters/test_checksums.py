from collections.abc import Callable

import pytest

from curate.filters import checksums


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (checksums.luhn, ["79927398713", "0", "4242 4242 4242 4242"], ["79927398710", "1"]),
        (checksums.iban, ["GB82WEST12345698765432", "de89 3704 0044 0532 0130 00"], ["GB00AA"]),
        (checksums.public_ip, ["8.8.8.8", "2a00:1450::1"], ["10.0.0.1", "::1", "1.2.3", "256.1.1"]),
        (checksums.phone, ["555-0187", "+44 20 7946 0958 x12345"], ["555-018", "1" * 16]),
        (checksums.random_looking, ["a1b2c3d4e5f6g7h8"], ["correcthorse", "1" * 30, "a1" * 9]),
        (checksums.deliverable, ["a@mail.org", "youssef@domaine.fr", "a@domain-name.org"], [
            "a@example.com", "a@b.example.org", "a@x.test", "A@Example.com.au", "a@domain.com",
            "sales@mycompany.com", "you@mail.org", "your.name@mail.org", "username@mail.org",
        ]),
        (checksums.no_placeholder, ["aB3dE6gH9jK2"], ["AKIA..EXAMPLE", "XXXX1", "your-1"]),
    ],
)  # fmt: skip
def test_checksum(check: Callable[[str], bool], right: list[str], wrong: list[str]) -> None:
    assert [one for one in right if not check(one)] == []
    assert [one for one in wrong if check(one)] == []


def test_entropy_is_in_bits_per_character() -> None:
    assert checksums.entropy("abcd" * 4) == 2.0
    assert checksums.entropy("aaaa") == 0.0
