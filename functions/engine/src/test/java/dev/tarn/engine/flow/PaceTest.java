package dev.tarn.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.delta.Pause;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final String FLOW = "silver.orders";

    private final DrivenTime time = new DrivenTime();
    private final Pace pace = new Pace(time, time);

    private void update() {
        pace.rest(FLOW);
        pace.updated(FLOW);
    }

    private static List<Duration> millis(long... millis) {
        return LongStream.of(millis).mapToObj(Duration::ofMillis).toList();
    }

    @Test
    void restsGrowWhileNewsComeAllTheTime() {
        for (int i = 0; i < 7; i++) {
            update();
        }
        assertThat(time.rests).isEqualTo(millis(100, 200, 400, 800, 1000, 1000));
    }

    @Test
    void whatComesAloneIsServedAtOnce() {
        update();
        update();
        update();
        time.rests.clear();

        time.pass(Duration.ofMillis(400));
        update();
        assertThat(time.rests).isEmpty();

        update();
        assertThat(time.rests).isEqualTo(millis(100));
    }

    @Test
    void timeThatPassedCountsAsRest() {
        update();
        time.pass(Duration.ofMillis(30));
        update();

        assertThat(time.rests).isEqualTo(millis(70));
    }

    @Test
    void flowsDoNotWaitForOneAnother() {
        update();
        pace.rest("silver.partners");

        assertThat(time.rests).isEmpty();
    }

    @Test
    void aClockThatIsSetBackMakesNoLongRest() {
        update();
        time.pass(Duration.ofHours(-1));
        update();

        assertThat(time.rests).isEqualTo(millis(100));
    }

    @Test
    void aRestEndsWhenTheThreadIsInterrupted() {
        Pace real = new Pace(Clock.systemUTC(), Pause.real());
        real.updated(FLOW);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> real.rest(FLOW))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("interrupted while gathering what silver.orders reads");
        assertThat(Thread.interrupted()).isTrue();
    }
}
