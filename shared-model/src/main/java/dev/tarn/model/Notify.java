package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.List;

/**
 * Where alarms go.
 *
 * @param url that takes a POST
 * @param secret with which every notification is signed
 * @param on what is told, at least one
 */
public record Notify(URI url, SecretRef secret, List<AlarmType> on, SourcePosition position) {

    public Notify {
        requireNonNull(url, "url");
        requireNonNull(secret, "secret");
        requireNonNull(position, "position");
        on = List.copyOf(on);
        if (on.isEmpty()) {
            throw new IllegalArgumentException("notifications are about something");
        }
    }
}
