"""Reads Delta tables with delta-rs and hands their rows to DeltaRsReader, which knows the same bytes.

Asked on standard input for one table after the other, it answers on standard output. Values travel with their bits,
so that one place alone, CanonicalText, decides how they are written.
"""

import struct
import sys

import pyarrow as pa
from deltalake import DeltaTable, QueryBuilder
from pyarrow import types

NEWEST = -1


def read(path, version):
    table = DeltaTable(path) if version == NEWEST else DeltaTable(path, version=version)
    rows = QueryBuilder().register("t", table).execute("SELECT * FROM t")
    return pa.RecordBatchReader.from_stream(rows).read_all()


def answer(table):
    columns = [plain(column.combine_chunks()) for column in table.columns]
    out = bytearray(b"+")
    out += struct.pack(">i", len(columns))
    for field, column in zip(table.schema, columns):
        out += text(field.name) + text(spark_name(column.type))
    out += struct.pack(">i", table.num_rows)
    for row in range(table.num_rows):
        for column in columns:
            encode(column[row], out)
    return out


def plain(column):
    """Values of partitions come as dictionaries."""
    return column.dictionary_decode() if types.is_dictionary(column.type) else column


def text(value):
    encoded = value.encode("utf-8")
    return struct.pack(">i", len(encoded)) + encoded


def is_text(kind):
    return types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)


def is_list(kind):
    return types.is_list(kind) or types.is_large_list(kind) or types.is_list_view(kind)


def is_bytes(kind):
    return types.is_binary(kind) or types.is_large_binary(kind) or types.is_binary_view(kind)


SPARK_NAMES = {
    pa.bool_(): "BOOLEAN",
    pa.int8(): "TINYINT",
    pa.int16(): "SMALLINT",
    pa.int32(): "INT",
    pa.int64(): "BIGINT",
    pa.float32(): "FLOAT",
    pa.float64(): "DOUBLE",
    pa.date32(): "DATE",
    pa.timestamp("us", "UTC"): "TIMESTAMP",
    pa.timestamp("us"): "TIMESTAMP_NTZ",
}


def spark_name(kind):
    if is_text(kind):
        return "STRING"
    if is_bytes(kind):
        return "BINARY"
    if types.is_decimal(kind):
        return f"DECIMAL({kind.precision},{kind.scale})"
    if is_list(kind):
        return f"ARRAY<{spark_name(kind.value_type)}>"
    if types.is_map(kind):
        return f"MAP<{spark_name(kind.key_type)},{spark_name(kind.item_type)}>"
    if types.is_struct(kind):
        return "STRUCT<" + ",".join(f"{field.name}:{spark_name(field.type)}" for field in kind) + ">"
    return SPARK_NAMES.get(kind, str(kind))


def encode(value, out):
    kind = value.type
    if not value.is_valid:
        out += b"0"
    elif types.is_boolean(kind):
        out += b"t" if value.as_py() else b"f"
    elif types.is_integer(kind):
        out += b"i" + struct.pack(">q", value.as_py())
    elif types.is_float32(kind):
        out += b"e" + struct.pack(">f", value.as_py())
    elif types.is_float64(kind):
        out += b"d" + struct.pack(">d", value.as_py())
    elif types.is_decimal(kind):
        out += b"n" + text(format(value.as_py(), "f"))
    elif is_text(kind):
        out += b"s" + text(value.as_py())
    elif is_bytes(kind):
        out += b"x" + struct.pack(">i", len(value.as_py())) + value.as_py()
    elif types.is_date32(kind):
        out += b"y" + struct.pack(">i", value.value)
    elif types.is_timestamp(kind) and kind.unit == "us":
        out += (b"l" if kind.tz is None else b"m") + struct.pack(">q", value.value)
    else:
        encode_nested(value, out)


def encode_nested(value, out):
    kind = value.type
    if types.is_struct(kind):
        out += b"[" + struct.pack(">i", len(kind))
        for field in range(len(kind)):
            encode(value[field], out)
    elif types.is_map(kind):
        entries = value.values
        out += b"{" + struct.pack(">i", len(entries))
        for entry in entries:
            encode(entry[0], out)
            encode(entry[1], out)
    elif is_list(kind):
        out += b"[" + struct.pack(">i", len(value.values))
        for element in value.values:
            encode(element, out)
    else:
        raise TypeError(f"delta-rs read a {kind}")


def requests(stream):
    while header := stream.read(12):
        length, version = struct.unpack(">iq", header)
        yield stream.read(length).decode("utf-8"), version


def main():
    for path, version in requests(sys.stdin.buffer):
        try:
            reply = answer(read(path, version))
        # A panic of delta-rs is no Exception.
        except BaseException as refusal:
            reply = b"-" + text(f"{type(refusal).__name__}: {refusal}")
        sys.stdout.buffer.write(reply)
        sys.stdout.buffer.flush()


main()
