package dev.tarn.engine.delta;

import dev.tarn.engine.kernel.KernelTypes;
import dev.tarn.model.Column;
import dev.tarn.model.TarnException;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which columns may change: new ones come, at the top or in a struct, also in one that is an element of a
 * list or the value of a map. They stand at the end of their struct, wherever they are wanted, and are NULL in older rows.
 */
final class AddedColumns {

    private final Function<Difference, TarnException> refusal;

    private AddedColumns(Function<Difference, TarnException> refusal) {
        this.refusal = refusal;
    }

    /**
     * What is more than an addition.
     *
     * @param path of the column or field, such as {@code lines.element.net}
     * @param before its type; null when it is new and cannot be had under its name
     * @param pathAfter its name in another case, that of a twin of a new one, or {@code path}
     * @param after the type that it would get; null when it would be gone
     */
    record Difference(String path, @Nullable String before, String pathAfter, @Nullable String after) {}

    /** The columns of {@code before}, and those that {@code after} has beyond them. */
    static StructType of(StructType before, StructType after, Function<Difference, TarnException> refusal) {
        return new AddedColumns(refusal).struct("", before, after);
    }

    private StructType struct(String parent, StructType before, StructType after) {
        Map<String, StructField> wanted = new HashMap<>();
        for (StructField field : after.fields()) {
            StructField twin = wanted.put(lower(field), field);
            if (twin != null) {
                throw refuse(path(parent, twin), null, path(parent, field), field);
            }
        }
        List<StructField> fields = new ArrayList<>();
        for (StructField field : before.fields()) {
            fields.add(field(parent, field, Optional.ofNullable(wanted.remove(lower(field)))));
        }
        after.fields().stream()
                .filter(field -> wanted.containsKey(lower(field)))
                .forEach(field -> fields.add(added(parent, field)));
        return new StructType(fields);
    }

    private static String lower(StructField field) {
        return field.getName().toLowerCase(Locale.ROOT);
    }

    private static String path(String parent, StructField field) {
        return parent + field.getName();
    }

    private StructField field(String parent, StructField before, Optional<StructField> found) {
        String path = path(parent, before);
        StructField after = found.orElseThrow(() -> refuse(path, before, path, null));
        if (!before.getName().equals(after.getName())
                || !StoredColumns.name(before).equals(StoredColumns.name(after))) {
            throw refuse(path, before, path(parent, after), after);
        }
        DataType type = type(path, before.getDataType(), after.getDataType());
        return new StructField(before.getName(), type, before.isNullable(), before.getMetadata());
    }

    private DataType type(String path, DataType before, DataType after) {
        if (before instanceof StructType has && after instanceof StructType wanted) {
            return struct(path + ".", has, wanted);
        }
        if (before instanceof ArrayType has && after instanceof ArrayType wanted) {
            return new ArrayType(
                    type(path + ".element", has.getElementType(), wanted.getElementType()), has.containsNull());
        }
        // A key with a new field would be another key.
        if (before instanceof MapType has
                && after instanceof MapType wanted
                && text(has.getKeyType()).equals(text(wanted.getKeyType()))) {
            return new MapType(
                    has.getKeyType(),
                    type(path + ".value", has.getValueType(), wanted.getValueType()),
                    has.isValueContainsNull());
        }
        if (!text(before).equals(text(after))) {
            throw refusal.apply(new Difference(path, text(before), path, text(after)));
        }
        return before;
    }

    private StructField added(String parent, StructField field) {
        DataType type = field.getDataType();
        if (ColumnNames.unsupported(List.of(new Column(field.getName(), KernelTypes.fromKernel(type))))
                .isPresent()) {
            throw refuse(path(parent, field), null, path(parent, field), field);
        }
        if (type instanceof StructType struct) {
            // Not for its result, but for the names in it.
            struct(path(parent, field) + ".", new StructType(), struct);
        }
        return new StructField(field.getName(), type, true, field.getMetadata());
    }

    private TarnException refuse(
            String path, @Nullable StructField before, String pathAfter, @Nullable StructField after) {
        return refusal.apply(new Difference(path, text(before), pathAfter, text(after)));
    }

    private static @Nullable String text(@Nullable StructField field) {
        return field == null ? null : text(field.getDataType());
    }

    private static String text(DataType type) {
        return KernelTypes.fromKernel(type).toString();
    }
}
