"""A code names a person in a panel; what tells who the person is, is refused and says why."""

from __future__ import annotations

import pytest

from matcher.records.person_code import FAULTS, code_fault

FINE = [
    *("A-117", "C009", "c009", "panel-3/22", "panel4", "1", "17", "00123"),
    *("A1", "P00001", "P-2026-014", "P-2026-00123", "MGH-ONC-12", "ABC123", "aB3xK9", "12/7"),
    *("3/22", "99999", "A.7", "A_7", "A#7", "#12", "case-12", "Caso-12"),
    *("paciente-7", "PERSON-0001", "subject.44", "X-1-1", "row17", "No-12", "Pt-3", "BRC-3"),
    *("ER-1", "2026-17", "S1-G2-P3", "Ñ-12", "A－117", "T-40-2", "site-2-31", "12345"),
    *("r2d2", "A-1950"),
]

REFUSED = {
    "empty": ["", " ", "\t", "\u00a0"],
    "email": ["maria@example.org", "a@b", "A-1@clinic", "María@correo.es"],
    "birth_date": [
        *("1959-01-01", "1959/1/1", "01/02/59", "01.02.1959", "1-2-1959", "31-12-59", "59-01-02"),
        *("19590101", "A-1959-01-01", "A19590101", "1 Jan 1959", "Jan 1, 1959", "1-JAN-59"),
        *("3 de marzo de 1959", "12ene1959", "02/1959", "DOB 59", "1959-02"),
    ],
    "address": ["12 Main St", "12 Main Street Apt 4", "Calle 8", "Av. 3", "4b Elm Road"],
    "record_number": [
        *("123456", "A-123456", "MRN 1234", "MRN1234567", "123-45-6789", "SSN 12", "555-123-4567"),
        *("(555) 123-4567", "+1 555 123 4567", "555-1234", "1 2 3 4 5 6 7", "NHS 12", "DNI 12"),
    ],
    "name": [
        *("Maria Lopez", "Maria", "maria", "MARIA", "Smith, J", "José", "J. Smith", "J", "JS"),
        *("Maria-22", "lopez3", "Ana 12", "Ana-12", "Li Wei 3", "O'Neil 7", "王伟3", "Мария 3"),
        *("Smith3J", "van der Berg 2", "Nguyễn 4", "Ｍａｒｉａ １", "Mrs Lopez 2"),
    ],
    "long": ["A-1" * 7, "1 " * 200, "A" * 100_000],
    "signs": ["A*12", "A+12", "=A1", "A12\u200b", "A:12", "A=1", "٣A", "A\x001", "# 12"],
}


@pytest.mark.parametrize("code", FINE)
def test_a_code_is_taken(code: str) -> None:
    assert code_fault(code) is None


@pytest.mark.parametrize(
    ("fault", "code"), [(fault, code) for fault, codes in REFUSED.items() for code in codes]
)
def test_what_tells_who_it_is_is_refused(fault: str, code: str) -> None:
    assert code_fault(code) == fault


def test_every_fault_has_a_case() -> None:
    assert set(REFUSED) == set(FAULTS)


def test_numbered_codes_of_a_large_panel_are_all_taken() -> None:
    assert not [n for n in range(20_000) if code_fault(f"A-{n}") or code_fault(f"P{n:05}")]
