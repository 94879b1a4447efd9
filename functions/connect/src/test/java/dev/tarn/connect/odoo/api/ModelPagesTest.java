package dev.tarn.connect.odoo.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPagesTest {

    private static final Instant NINE = Instant.parse("2026-11-22T09:00:00Z");
    private static final String MOVES = "account.move";

    private final TestClock clock = new TestClock();

    private OdooRecords open(TinyOdoo odoo) {
        return OdooRecords.open(OdooApi.connect(odoo.login(), clock.patience()), "en_US", List.of());
    }

    private static TinyOdoo.Model moves(TinyOdoo odoo) {
        return odoo.model(MOVES, Map.of("name", "char"));
    }

    private static List<Long> read(OdooRecords records, PagePlace place) {
        ModelPages pages = new ModelPages(records, MOVES, List.of("name", "write_date"), true, place);
        List<Long> ids = new ArrayList<>();
        for (List<ObjectNode> page = pages.next(); !page.isEmpty(); page = pages.next()) {
            page.forEach(record -> ids.add(record.path("id").longValue()));
        }
        return ids;
    }

    @ParameterizedTest(name = "Odoo {0}, {1} records, {2} at most in a second, the server gives {3} at once")
    @CsvSource({
        "19, 3000, 1, 5000",
        "19, 3000, 40, 5000",
        "19, 3000, 2500, 5000",
        "19, 700, 300, 7",
        "17, 3000, 40, 5000",
        "17, 1500, 1500, 100",
        "16, 700, 300, 7"
    })
    void everyRecordComesOnceHoweverManyShareASecond(int version, int count, int perSecond, int cap)
            throws IOException {
        long seed = Long.getLong("tarn.seed", System.nanoTime());
        Random random = new Random(seed);
        try (TinyOdoo odoo = TinyOdoo.start(version)) {
            TinyOdoo.Model moves = moves(odoo);
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                order.add(i);
            }
            Collections.shuffle(order, random);
            for (int i = 0; i < count; i++) {
                Instant second = NINE.plusSeconds(order.get(i) / perSecond);
                boolean undated = random.nextInt(50) == 0;
                moves.put(
                        i + 1L,
                        undated ? null : second.plus(random.nextInt(3) * 300_000L, ChronoUnit.MICROS),
                        random.nextBoolean(),
                        record -> record.put("name", "x"));
            }
            odoo.cap(cap);

            assertThat(read(open(odoo), PagePlace.start(null, NINE.plusSeconds(count + 1L))))
                    .as("seed %d", seed)
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(moves.ids());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {19, 17})
    void aPassReadsFromItsFirstSecondToBeforeItsEnd(int version) throws IOException {
        try (TinyOdoo odoo = TinyOdoo.start(version)) {
            for (int i = 0; i < 40; i++) {
                moves(odoo).put(i + 1L, NINE.plusMillis(i * 250L), record -> {});
            }

            assertThat(read(open(odoo), PagePlace.start(NINE.plusSeconds(2), NINE.plusSeconds(4))))
                    .containsExactly(9L, 10L, 11L, 12L, 13L, 14L, 15L, 16L);
        }
    }

    @Test
    void whatIsWrittenAndDeletedMeanwhileHidesNoOtherRecord() throws IOException {
        long seed = Long.getLong("tarn.seed", System.nanoTime());
        Random random = new Random(seed);
        try (TinyOdoo odoo = TinyOdoo.start(19)) {
            TinyOdoo.Model moves = moves(odoo);
            for (int i = 1; i <= 2000; i++) {
                moves.put(i, NINE.plusSeconds(i / 17), record -> {});
            }
            OdooRecords records = open(odoo);
            Set<Long> touched = new HashSet<>();
            odoo.cap(50);
            odoo.beforeEach(() -> {
                long deleted = 1 + random.nextInt(2000);
                long written = 1 + random.nextInt(2000);
                moves.delete(deleted);
                touched.add(deleted);
                if (moves.ids().contains(written)) {
                    moves.put(written, NINE.plusSeconds(5000), record -> {});
                    touched.add(written);
                }
            });

            List<Long> read = read(records, PagePlace.start(null, NINE.plusSeconds(1000)));

            List<Long> left = new ArrayList<>(moves.ids());
            left.removeAll(touched);
            assertThat(read).as("seed %d", seed).containsAll(left);
        }
    }

    @Test
    void aPassThatIsBrokenOffGoesOnWhereItWas() throws IOException {
        try (TinyOdoo odoo = TinyOdoo.start(19)) {
            for (int i = 1; i <= 1000; i++) {
                moves(odoo).put(i, i % 100 == 0 ? null : NINE.plusSeconds(i / 300), record -> {});
            }
            odoo.cap(60);
            OdooRecords records = open(odoo);
            List<Long> ids = new ArrayList<>();
            PagePlace place = PagePlace.start(null, NINE.plusSeconds(100));
            while (!place.isDone()) {
                ModelPages one = new ModelPages(records, MOVES, List.of("write_date"), true, place);
                one.next().forEach(record -> ids.add(record.path("id").longValue()));
                place = one.place();
            }

            assertThat(ids).doesNotHaveDuplicates().hasSize(1000);
        }
    }

    @Test
    void requestsSayWhatToHideInWhichOrderAndWhichFields() throws IOException {
        try (TinyOdoo odoo = TinyOdoo.start(19)) {
            moves(odoo).put(1, NINE, record -> {});

            assertThat(read(open(odoo), PagePlace.start(NINE, NINE.plusSeconds(1))))
                    .containsExactly(1L);
            assertThat(odoo.requests())
                    .extracting(LoopbackServer.Request::body)
                    .contains(
                            "{\"order\":\"write_date asc, id asc\",\"limit\":400,\"fields\":[\"name\",\"write_date\"],"
                                    + "\"context\":{\"active_test\":false,\"lang\":\"en_US\",\"bin_size\":true,"
                                    + "\"allowed_company_ids\":[3,1]},\"domain\":[[\"id\",\">\",0],[\"write_date\",\">=\","
                                    + "\"2026-11-22 09:00:00\"],[\"write_date\",\"<\",\"2026-11-22 09:00:01\"]]}");
        }
    }
}
