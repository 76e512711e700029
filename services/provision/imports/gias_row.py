"""The columns of a GIAS establishment file that are read; all others, and a release's new ones, are ignored."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from shared.imports.rows import RowModel, whole

LARGEST_ROLL = 200_000


def text_of(most: int) -> BeforeValidator:
    """Text of at most `most` characters. Runs of blanks become one; what cannot be shown, as a soft hyphen, goes."""

    def check(cell: Any) -> str:
        text = "".join(mark for mark in " ".join(str(cell).split()) if mark.isprintable())
        if len(text) > most:
            raise ValueError(f"more than {most} characters; check that the columns are in place")
        return text

    return BeforeValidator(check)


Text = Annotated[str, text_of(200)]
ShortText = Annotated[str, text_of(100)]
Word = Annotated[str, text_of(40)]
Count = Annotated[int | None, whole(0, LARGEST_ROLL)]
Age = Annotated[int | None, whole(0, 99)]


class GiasRow(RowModel):
    """One establishment. A required field is a required column; the others may be missing or blank."""

    urn: Annotated[int, whole(100_000, 999_999)] = Field(alias="URN", description="Unique reference number, six digits")
    name: Text = Field(alias="EstablishmentName", description="Name of the setting")
    type_code: Annotated[int, whole(1, 999)] = Field(
        alias="TypeOfEstablishment (code)", description="GIAS establishment type, such as 7"
    )
    la_code: Annotated[int, whole(0, 999)] = Field(alias="LA (code)", description="Authority's code, such as 876")
    la_name: ShortText = Field("", alias="LA (name)", description="Authority's name")
    type_name: ShortText = Field("", alias="TypeOfEstablishment (name)", description="Name of the establishment type")
    status: Word = Field("Open", alias="EstablishmentStatus (name)", description="Open, Closed and so on")
    low_age: Age = Field(None, alias="StatutoryLowAge", description="Lowest age admitted")
    high_age: Age = Field(None, alias="StatutoryHighAge", description="Highest age")
    admits: Word = Field("", alias="Gender (name)", description="Mixed, Girls or Boys")
    school_capacity: Count = Field(None, alias="SchoolCapacity", description="Places in the whole setting")
    number_on_roll: Count = Field(None, alias="NumberOfPupils", description="Children on roll")
    postcode: Word = Field("", alias="Postcode", description="Used where there is no grid reference")
    section_41: Word = Field("", alias="Section41Approved (name)", description="Approved, Not approved and so on")
    sen_1: ShortText = Field("", alias="SEN1 (name)", description="First need catered for, such as ASD - Autistic …")
    sen_2: ShortText = Field("", alias="SEN2 (name)", description="Second need")
    sen_3: ShortText = Field("", alias="SEN3 (name)", description="Third need")
    sen_4: ShortText = Field("", alias="SEN4 (name)", description="Fourth need")
    sen_5: ShortText = Field("", alias="SEN5 (name)", description="Fifth need")
    sen_6: ShortText = Field("", alias="SEN6 (name)", description="Sixth need")
    sen_7: ShortText = Field("", alias="SEN7 (name)", description="Seventh need")
    sen_8: ShortText = Field("", alias="SEN8 (name)", description="Eighth need")
    sen_9: ShortText = Field("", alias="SEN9 (name)", description="Ninth need")
    sen_10: ShortText = Field("", alias="SEN10 (name)", description="Tenth need")
    sen_11: ShortText = Field("", alias="SEN11 (name)", description="Eleventh need")
    sen_12: ShortText = Field("", alias="SEN12 (name)", description="Twelfth need")
    sen_13: ShortText = Field("", alias="SEN13 (name)", description="Thirteenth need")
    easting: Annotated[int | None, whole(0, 700_000)] = Field(
        None, alias="Easting", description="Metres east on the National Grid"
    )
    northing: Annotated[int | None, whole(0, 1_300_000)] = Field(
        None, alias="Northing", description="Metres north on the National Grid"
    )

    @classmethod
    def required_columns(cls) -> list[str]:
        """GIAS's own headings that must be there."""
        return [field.alias or name for name, field in cls.model_fields.items() if field.is_required()]

    @classmethod
    def optional_columns(cls) -> list[str]:
        """GIAS's own headings that may be missing."""
        return [field.alias or name for name, field in cls.model_fields.items() if not field.is_required()]

    def sen_names(self) -> list[str]:
        """SEN1 to SEN13 in order, blanks left out."""
        named = (getattr(self, f"sen_{place}") for place in range(1, 14))
        return [name for name in named if name]
