package dev.tarn.connect.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitMessageTest {

    private static final Instant ASKED = Instant.parse("2026-05-01T08:00:00Z");
    private static final UnitMessage FIRST = UnitMessage.first(new Unit(Unit.Kind.EXTRACT, "shop"), "0198-1", ASKED);

    @Test
    void aMessageIsReadAsItWasWritten() {
        assertThat(FIRST.toJson())
                .isEqualTo(
                        """
                        {"v":1,"kind":"extract","name":"shop","attempt":1,"correlation":"0198-1",\
                        "asked":"2026-05-01T08:00:00Z"}""");
        assertThat(UnitMessage.parse(FIRST.toJson())).isEqualTo(FIRST);
    }

    @Test
    void aFailureIsCountedAndSaidAndForgottenWhenAUnitCameFurther() {
        UnitMessage failed = FIRST.failed(ErrorCode.SOURCE_BUSY);

        assertThat(failed.toJson()).contains("\"attempt\":2,").endsWith(",\"failure\":\"SOURCE_BUSY\"}");
        assertThat(UnitMessage.parse(failed.toJson())).isEqualTo(failed);
        assertThat(failed.goesOn(FIRST.unit())).isEqualTo(FIRST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            not JSON: {"v" | is not JSON. | foreign
            [1] | is JSON, and not an object. | foreign
            {"kind":"extract"} | is not of version 1, the only one that this version of Tarn knows. | newer
            {"v":2} | is not of version 1, the only one that this version of Tarn knows. | newer
            {"v":1,"kind":"drop all"} | asks for no kind of work that Tarn knows; there are extract, files, update, maintain. | foreign
            {"v":1,"kind":"extract","attempt":0} | does not say in "attempt" which one it is, a number from 1 on. | foreign
            {"v":1,"kind":"extract","attempt":"x"} | does not say in "attempt" which one it is, a number from 1 on. | foreign
            {"v":1,"kind":"extract","attempt":1} | has no name of 1 to 300 printable characters in "name". | foreign
            {"v":1,"kind":"extract","attempt":1,"name":"a\\nb"} | has no name of 1 to 300 printable characters in "name". | foreign
            {"v":1,"kind":"extract","attempt":1,"name":"a"} | has no name of 1 to 300 printable characters in "correlation". | foreign
            {"v":1,"kind":"extract","attempt":1,"name":"a","correlation":"b"} | has no time like 2026-05-01T08:00:00Z in "asked". | foreign
            {"v":1,"kind":"extract","attempt":1,"name":"a","correlation":"b","asked":"2026-05-01T08:00:00Z","failure":"x"} | has no code of an error in "failure". | foreign
            """)
    void whatIsNoUnitIsRefused(String text, String what, String mend) {
        String mended = mend.equals("newer")
                ? "Deploy the newer Tarn that sent it; the clock brings the work back."
                : "Only the app puts messages into this queue: see who else holds a right on it, and what for.";

        assertRefused(text, what, mended);
    }

    @Test
    void aMessageThatIsTooLargeIsRefusedBeforeAnythingOfItIsRead() {
        String name = "ü".repeat(2040);

        assertRefused(
                "{\"v\":1,\"name\":\"" + name + "\"}",
                "has 4097 bytes; a unit of work has 4096 at most.",
                "Only the app puts messages into this queue: see who else holds a right on it, and what for.");
    }

    private static void assertRefused(String text, String what, String mend) {
        assertThatThrownBy(() -> UnitMessage.parse(text))
                .isInstanceOf(TarnException.class)
                .hasMessage("UNIT_INVALID  A message of the queue tarn-units " + what + "\n    " + mend);
    }
}
