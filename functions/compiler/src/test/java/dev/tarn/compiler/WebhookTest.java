package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.EventIdPart;
import dev.tarn.model.IpRange;
import dev.tarn.model.Plan;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.WebhookAuth;
import dev.tarn.model.WebhookSource;
import dev.tarn.model.WebhookSource.Endpoint;
import dev.tarn.model.WebhookSource.Misfit;
import dev.tarn.model.WebhookSource.SameId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookTest {

    private static final String SOURCE =
            """
            source: n8n
            type: webhook
            endpoints:
            """;

    private static final String AUTH = "    auth: { header: X-Webhook-Secret, secrets: [ \"${secret:hook}\" ] }\n";

    private static final String EVERYTHING =
            """
                  - name: platform
                    auth:
                      hmac_sha256:
                        header: X-Signature
                        timestamp: X-Timestamp
                        secrets: [ "${secret:new}", "${secret:old}" ]
                        tolerance: 2m
                    event_id: [ $.table, $.record.id, "header:Idempotency-Key" ]
                    items: $.data
                    same_id_other_content: refuse
                    remember_ids: 1d
                    max_body: 500KB
                    rate: 600/m
                    headers: [ User-Agent ]
                    columns:
                      event_type: STRING
                      occurred_at: TIMESTAMP
                      amount: DECIMAL(18,2)
                    schema: none
                """;

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void aProject() {
        project = new TestProject(folder)
                .sql("CREATE MATERIALIZED VIEW gold.partners AS SELECT id, name FROM bronze.res_partner");
    }

    private TestProject endpoint(String... lines) {
        return project.with("sources/n8n.yml", SOURCE + "  - name: platform\n" + AUTH + lines(lines));
    }

    private static String lines(String... lines) {
        return lines.length == 0 ? "" : "    " + String.join("\n    ", lines) + "\n";
    }

    @Test
    void everythingThatAnEndpointCanSayIsRead() {
        Plan plan = project.with("sources/n8n.yml", SOURCE + EVERYTHING).compile();

        assertThat(plan.webhooks())
                .containsExactly(new WebhookSource(
                        "n8n",
                        List.of(new Endpoint(
                                "platform",
                                TableName.parse("bronze.platform_events"),
                                new WebhookAuth.Hmac(
                                        "x-signature",
                                        "x-timestamp",
                                        Duration.ofMinutes(2),
                                        List.of(new SecretRef("new"), new SecretRef("old"))),
                                List.of(),
                                List.of(
                                        new EventIdPart(null, List.of("table")),
                                        new EventIdPart(null, List.of("record", "id")),
                                        new EventIdPart("idempotency-key", List.of())),
                                new EventIdPart(null, List.of("data")),
                                SameId.REFUSE,
                                Duration.ofDays(1),
                                500_000,
                                600,
                                List.of("user-agent"),
                                List.of(
                                        new Column("event_type", DataType.Simple.STRING),
                                        new Column("occurred_at", DataType.Simple.TIMESTAMP),
                                        new Column("amount", new DataType.Decimal(18, 2))),
                                Misfit.NONE,
                                new SourcePosition("sources/n8n.yml", 4, 11))),
                        new SourcePosition("sources/n8n.yml", 1, 1)));
    }

    @Test
    void whatIsNotSaidIsTheUsual() {
        Endpoint endpoint = endpoint().compile().webhooks().get(0).endpoints().get(0);

        assertThat(endpoint.auth())
                .isEqualTo(new WebhookAuth.SharedSecret("x-webhook-secret", List.of(new SecretRef("hook"))));
        assertThat(endpoint.eventId()).isEmpty();
        assertThat(endpoint.items()).isNull();
        assertThat(endpoint.sameId()).isEqualTo(SameId.KEEP_AS_CONFLICT);
        assertThat(endpoint.remember()).isEqualTo(Duration.ofDays(7));
        assertThat(endpoint.maxBody()).isEqualTo(1_000_000);
        assertThat(endpoint.perMinute()).isNull();
        assertThat(endpoint.misfit()).isEqualTo(Misfit.RESCUE);
    }

    @Test
    void queriesReadTheTableBeforeItsFirstEvent() {
        Plan plan = endpoint("columns: { event_type: STRING, \"amount\": \"DECIMAL(18,2)\" }")
                .sql(
                        """
                        CREATE STREAMING TABLE silver.platform_events AS
                        SELECT event_id, received_at, event_type, amount, _seq,
                               get_json_object(payload, '$.error.message') AS error_message
                        FROM STREAM(bronze.platform_events)
                        """)
                .compile();

        assertThat(plan.flows().get(0).schema().columns())
                .extracting(column -> column.name() + " " + column.type())
                .containsExactly(
                        "event_id STRING",
                        "received_at TIMESTAMP",
                        "event_type STRING",
                        "amount DECIMAL(18,2)",
                        "_seq BIGINT",
                        "error_message STRING");
    }

    @Test
    void aColumnThatWasDeclaredOnceCanStillBeRead() {
        TableSchema there = new TableSchema(List.of(new Column("workflow", DataType.Simple.STRING)));

        assertThat(endpoint()
                        .sql("CREATE MATERIALIZED VIEW gold.flows AS SELECT workflow FROM bronze.platform_events")
                        .schemas(table ->
                                table.table().equals("platform_events") ? Optional.of(there) : Optional.empty())
                        .outcome(warning -> {}))
                .isEqualTo("compiles");
    }

    @Test
    void aColumnThatHasAnotherTypeInTheLakeIsRefused() {
        TableSchema there = new TableSchema(List.of(new Column("amount", DataType.Simple.STRING)));

        assertThat(endpoint("columns: { amount: DOUBLE }")
                        .sql("CREATE MATERIALIZED VIEW gold.flows AS SELECT payload FROM bronze.platform_events")
                        .schemas(table -> Optional.of(there))
                        .refusal())
                .isEqualTo(
                        """
                        sources/n8n.yml:4:11  SCHEMA_CHANGED  Column amount of bronze.platform_events is STRING in the lake and declared as DOUBLE.
                            Declare the type that it has, or take the value from payload in the table that reads it.""");
    }

    @Test
    void aSourceWithoutEndpointsIsRefused() {
        assertThat(project.with("sources/n8n.yml", "source: n8n\ntype: webhook\nendpoints: []\n")
                        .refusal())
                .isEqualTo(
                        """
                        sources/n8n.yml:3:12  CONFIGURATION_INVALID  A source of type webhook needs an endpoint.
                            Write - name: events below it.""");
    }

    @Test
    void anEndpointWithoutNameAndAuthIsRefused() {
        assertThat(project.with("sources/n8n.yml", SOURCE + "  - event_id: $.id\n")
                        .refusal())
                .isEqualTo(
                        """
                        sources/n8n.yml:4:5  CONFIGURATION_INVALID  'name' is missing.
                            Add name here.
                        sources/n8n.yml:4:5  CONFIGURATION_INVALID  'auth' is missing.
                            Add auth here.""");
    }

    @Test
    void aNameThatLeadsElsewhereIsRefused() {
        assertThat(project.with("sources/n8n.yml", SOURCE + "  - name: ../plans\n" + AUTH)
                        .refusal())
                .isEqualTo(
                        """
                        sources/n8n.yml:4:11  CONFIGURATION_INVALID  '../plans' cannot be the name of an endpoint.
                            Write small letters, digits and _, beginning with a letter, at most 41: name: orders.""");
    }

    @Test
    void twoEndpointsOfOneNameAreRefused() {
        assertThat(project.with("sources/n8n.yml", SOURCE + "  - name: orders\n" + AUTH + "  - name: orders\n" + AUTH)
                        .refusal())
                .isEqualTo(
                        """
                        sources/n8n.yml:6:11  TABLE_CLAIMED_TWICE  bronze.orders_events is already filled from sources/n8n.yml:4:11.
                            Remove one of them.""");
    }

    @Test
    void aSourceOfTheNameOfAnotherIsRefused() {
        assertThat(project.with(
                                "sources/n8n.yml",
                                SOURCE.replace("source: n8n", "source: odoo") + "  - name: orders\n" + AUTH)
                        .refusal())
                .isEqualTo(
                        """
                        sources/n8n.yml:1:1  CONFIGURATION_INVALID  Two sources are named odoo.
                            Give one of them another name.""");
    }

    @Test
    void aSecretThatStandsInTheFileIsRefusedAndNotRepeated() {
        assertThat(project.with(
                                "sources/n8n.yml",
                                SOURCE + "  - name: orders\n    auth: { header: x-key, secrets: [ hunter2 ] }\n")
                        .refusal())
                .isEqualTo(
                        """
                        sources/n8n.yml:5:39  SECRET_INVALID  'secrets' must name a secret and holds something else.
                            Write ${secret:some-name} and keep the value out of the project; change a password that stood here.""");
    }

    @Test
    void moreSecretsThanTheNewAndTheOldOneAreRefused() {
        assertThat(project.with(
                                "sources/n8n.yml",
                                SOURCE
                                        + "  - name: orders\n    auth: { header: x-key, secrets: [ \"${secret:a}\", \"${secret:b}\", \"${secret:c}\" ] }\n")
                        .refusal())
                .isEqualTo(
                        """
                        sources/n8n.yml:5:37  CONFIGURATION_INVALID  At most two secrets let senders in at one time.
                            Keep the new one and the one that it takes the place of.""");
    }

    @Test
    void noSecretAtAllIsRefused() {
        assertThat(project.with(
                                "sources/n8n.yml",
                                SOURCE + "  - name: orders\n    auth: { header: x-key, secrets: [] }\n")
                        .refusal())
                .isEqualTo(
                        """
                        sources/n8n.yml:5:37  CONFIGURATION_INVALID  'secrets' names no secret.
                            Write secrets: [ "${secret:some-name}" ].""");
    }

    @Test
    void keysMayBecomeColumns() {
        assertThat(endpoint("schema: add")
                        .compile()
                        .webhooks()
                        .get(0)
                        .endpoints()
                        .get(0)
                        .misfit())
                .isEqualTo(Misfit.ADD);
    }

    @Test
    void everySettingThatMakesNoSenseIsRefusedAtItsPlace() {
        assertThat(endpoint(
                                "event_id: $.items[0].id",
                                "items: header:x",
                                "same_id_other_content: overwrite",
                                "remember_ids: 1s",
                                "max_body: 1GB",
                                "rate: 5 a minute",
                                "headers: [ \"a b\" ]",
                                "schema: addNewColumns",
                                "surprise: 1")
                        .refusal())
                .isEqualTo(
                        """
                        sources/n8n.yml:6:15  CONFIGURATION_INVALID  '$.items[0].id' is no place of an event's id.
                            Write a path of plain names into the payload, $.record.id, or a header, header:idempotency-key.
                        sources/n8n.yml:7:12  CONFIGURATION_INVALID  'items' is no path into the body.
                            Write the path of plain names to the list whose entries are events: items: $.data.
                        sources/n8n.yml:8:28  CONFIGURATION_INVALID  'overwrite' is nothing that 'same_id_other_content' can be here.
                            Possible: keep_as_conflict, refuse.
                        sources/n8n.yml:9:19  CONFIGURATION_INVALID  'remember_ids' must be between 1 minute and 90 days.
                            Write how long senders may repeat an event: remember_ids: 7d.
                        sources/n8n.yml:10:15  CONFIGURATION_INVALID  'max_body' is no size of a request between 1KB and 16MB.
                            Write 500KB or 2MB; a request is held in memory.
                        sources/n8n.yml:11:11  CONFIGURATION_INVALID  'rate' is no number of requests.
                            Write those of a minute: rate: 600/m.
                        sources/n8n.yml:12:14  CONFIGURATION_INVALID  'a b' is not the name of a header.
                            Write headers: [x-request-id].
                        sources/n8n.yml:13:13  CONFIGURATION_INVALID  'addNewColumns' is nothing that 'schema' can be here.
                            Possible: add, fail, none, rescue.
                        sources/n8n.yml:14:5  CONFIGURATION_INVALID  'surprise' is not a setting that Tarn reads here.
                            Possible here: name, auth, ip_ranges, event_id, items, same_id_other_content, remember_ids, max_body, rate, headers, columns, schema.""");
    }

    @Test
    void rangesOfAddressesAreRead() {
        assertThat(endpoint("ip_ranges: [ 203.0.113.0/24, \"2001:db8::/32\", 198.51.100.7 ]")
                        .compile()
                        .webhooks()
                        .get(0)
                        .endpoints()
                        .get(0)
                        .ipRanges())
                .extracting(IpRange::toString)
                .containsExactly("203.0.113.0/24", "2001:db8:0:0:0:0:0:0/32", "198.51.100.7/32");
    }

    @Test
    void rangesThatAreNoneAreRefused() {
        assertThat(endpoint(
                                "ip_ranges: [ localhost, 203.0.113.0/33, 10.1/8, 10.1.2.3/8, \"2001:db8::1/32\", \"fe80::1%eth0\" ]")
                        .refusal())
                .isEqualTo(
                        """
                        sources/n8n.yml:6:16  CONFIGURATION_INVALID  'localhost' is no range of addresses.
                            Write ip_ranges: [203.0.113.0/24, "2001:db8::/32"], or single addresses; names are not looked up.
                        sources/n8n.yml:6:16  CONFIGURATION_INVALID  '203.0.113.0/33' is no range of addresses.
                            Write ip_ranges: [203.0.113.0/24, "2001:db8::/32"], or single addresses; names are not looked up.
                        sources/n8n.yml:6:16  CONFIGURATION_INVALID  '10.1/8' is no range of addresses.
                            Write ip_ranges: [203.0.113.0/24, "2001:db8::/32"], or single addresses; names are not looked up.
                        sources/n8n.yml:6:16  CONFIGURATION_INVALID  '10.1.2.3/8' is an address within a range.
                            Write 10.0.0.0/8, or the address alone.
                        sources/n8n.yml:6:16  CONFIGURATION_INVALID  '2001:db8::1/32' is an address within a range.
                            Write 2001:db8:0:0:0:0:0:0/32, or the address alone.
                        sources/n8n.yml:6:16  CONFIGURATION_INVALID  'fe80::1%eth0' is no range of addresses.
                            Write ip_ranges: [203.0.113.0/24, "2001:db8::/32"], or single addresses; names are not looked up.""");
    }

    @Test
    void noRangeAtAllIsRefused() {
        assertThat(endpoint("ip_ranges: []").refusal())
                .isEqualTo(
                        """
                        sources/n8n.yml:6:16  CONFIGURATION_INVALID  'ip_ranges' names no range, so nobody could send.
                            Name one, or leave ip_ranges out to let senders come from anywhere.""");
    }

    @Test
    void columnsThatCannotBeAreRefused() {
        assertThat(endpoint("columns:", "  payload: STRING", "  _op: STRING", "  a: VARIANT", "  b: INT", "  B: INT")
                        .refusal())
                .isEqualTo(
                        """
                        sources/n8n.yml:7:16  CONFIGURATION_INVALID  'payload' cannot be a column of an event's payload: Tarn has that name.
                            Leave it out, and read it from payload with get_json_object.
                        sources/n8n.yml:8:12  CONFIGURATION_INVALID  '_op' cannot be a column of an event's payload: Tarn has that name.
                            Leave it out, and read it from payload with get_json_object.
                        sources/n8n.yml:9:10  CONFIGURATION_INVALID  VARIANT is not a type that a column of a payload can have.
                            Use BOOLEAN, INT, BIGINT, DOUBLE, DECIMAL(p,s) with at most 38 digits, STRING, DATE or TIMESTAMP; a list or an object is its JSON in a STRING.
                        sources/n8n.yml:11:10  CONFIGURATION_INVALID  Column B is declared twice, in another case.
                            Keep one of them.""");
    }
}
