"""What all tables share: the collection they belong to and the type of a position."""

from sqlalchemy import BigInteger, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

# A key column that is INTEGER on SQLite is the row's address there.
Position = BigInteger().with_variant(Integer, "sqlite")
