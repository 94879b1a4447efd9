package dev.tarn.connect.inbox;

import dev.tarn.model.IpRange;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whom a proxy got a request from. */
public final class ForwardedFor {

    private static final Pattern V4_WITH_PORT = Pattern.compile("([0-9.]+):[0-9]{1,5}");
    private static final Pattern V6_IN_BRACKETS = Pattern.compile("\\[([0-9a-fA-F:.]+)](:[0-9]{1,5})?");

    private ForwardedFor() {}

    /**
     * The last entry of {@code X-Forwarded-For}, which the proxy before Tarn added; those before it are the sender's word.
     *
     * @param header its value; null when it is absent
     * @return an address, null when there is none
     */
    public static @Nullable String client(@Nullable String header) {
        if (header == null) {
            return null;
        }
        String last = header.substring(header.lastIndexOf(',') + 1).strip();
        return Optional.of(withoutPort(last))
                .filter(text -> IpRange.address(text).isPresent())
                .orElse(null);
    }

    private static String withoutPort(String entry) {
        for (Pattern form : new Pattern[] {V4_WITH_PORT, V6_IN_BRACKETS}) {
            Matcher matcher = form.matcher(entry);
            if (matcher.matches()) {
                return matcher.group(1);
            }
        }
        return entry;
    }
}
