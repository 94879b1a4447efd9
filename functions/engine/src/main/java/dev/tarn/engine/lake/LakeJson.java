package dev.tarn.engine.lake;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.tarn.model.DataType;
import dev.tarn.model.Effect;
import dev.tarn.model.IpRange;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.TableName;
import dev.tarn.model.UpdateId;
import dev.tarn.model.WebhookAuth;
import java.io.IOException;
import java.util.function.Function;

/** How the words of the model stand in the lake's own files: names and ids as texts, times and durations in ISO 8601. */
public final class LakeJson {

    /** Immutable; a key it does not know is an error. */
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new SimpleModule()
                    .addSerializer(DataType.class, new DataTypeJson.Writer())
                    .addDeserializer(DataType.class, new DataTypeJson.Reader())
                    .addSerializer(TableName.class, ToStringSerializer.instance)
                    .addDeserializer(TableName.class, new FromText<>(TableName.class, TableName::parse))
                    .addSerializer(IpRange.class, ToStringSerializer.instance)
                    .addDeserializer(IpRange.class, new FromText<>(IpRange.class, text -> IpRange.tryParse(text)
                            .orElseThrow(() -> new IllegalArgumentException("no range of addresses"))))
                    .addSerializer(UpdateId.class, ToStringSerializer.instance)
                    .addDeserializer(UpdateId.class, new FromText<>(UpdateId.class, UpdateId::parse)))
            .addMixIn(Effect.class, NamedEffect.class)
            .addMixIn(SourceConnection.class, NamedConnection.class)
            .addMixIn(WebhookAuth.class, NamedAuth.class)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .build();

    private LakeJson() {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "does")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Effect.Append.class, name = "append"),
        @JsonSubTypes.Type(value = Effect.Replace.class, name = "replace"),
        @JsonSubTypes.Type(value = Effect.AutoCdc.class, name = "auto_cdc")
    })
    private interface NamedEffect {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "by")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = SourceConnection.OdooDatabase.class, name = "odoo_database"),
        @JsonSubTypes.Type(value = SourceConnection.OdooApi.class, name = "odoo_api"),
        @JsonSubTypes.Type(value = SourceConnection.Postgres.class, name = "postgres")
    })
    private interface NamedConnection {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "by")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = WebhookAuth.SharedSecret.class, name = "shared_secret"),
        @JsonSubTypes.Type(value = WebhookAuth.Hmac.class, name = "hmac")
    })
    private interface NamedAuth {}

    private static final class FromText<T> extends StdScalarDeserializer<T> {

        private static final long serialVersionUID = 1L;

        private final transient Function<String, T> parse;

        FromText(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return parse.apply(in.getValueAsString(""));
        }
    }
}
