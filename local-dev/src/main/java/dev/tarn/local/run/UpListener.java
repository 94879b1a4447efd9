package dev.tarn.local.run;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Hears what a running lake does. Called from several threads, one at a time per step. */
public interface UpListener {

    /**
     * What is connected with what; said once everything answers.
     *
     * @param sources one sentence each
     * @param endpoints one sentence each
     * @param sinks name and address each, without passwords
     */
    record Overview(
            Path project,
            String lake,
            List<String> sources,
            List<String> endpoints,
            List<Sink> sinks,
            Optional<URI> page) {
        public Overview {
            sources = List.copyOf(sources);
            endpoints = List.copyOf(endpoints);
            sinks = List.copyOf(sinks);
        }

        /** A sink and its address. */
        public record Sink(String name, String address) {}
    }

    /**
     * Nothing is pending any more.
     *
     * @param took since the start
     * @param failed names of what failed
     * @param waiting names of what waits for something that failed or is not there
     * @param control what the control table says, empty when the project has none
     */
    record Settlement(Duration took, List<String> failed, List<String> waiting, Optional<String> control) {
        public Settlement {
            failed = List.copyOf(failed);
            waiting = List.copyOf(waiting);
        }
    }

    /** Runs {@code work}, which may take longer than a second and is {@code what}. */
    <T> T during(String what, Supplier<T> work);

    void opened(Overview overview);

    void step(Step step);

    void settled(Settlement settlement);

    /** A mistake in Tarn met while {@code name} ran; everything else goes on. */
    void mistake(String name, RuntimeException mistake);
}
