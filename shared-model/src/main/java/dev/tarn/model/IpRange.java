package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Addresses that begin alike: {@code 203.0.113.0/24}, {@code 2001:db8::/32}. Names are never looked up.
 *
 * @param address one of them
 * @param bits in which all of them are like it
 */
public record IpRange(InetAddress address, int bits) {

    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern V4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    /** Begins so that Java takes it for an address or refuses it, and asks nobody. */
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:][0-9a-fA-F.]*:[0-9a-fA-F:.]*");

    private static final Pattern BITS = Pattern.compile("0|[1-9][0-9]{0,2}");

    public IpRange {
        requireNonNull(address, "address");
        if (bits < 0 || bits > width(address)) {
            throw new IllegalArgumentException("an address has " + width(address) + " bits, not " + bits);
        }
    }

    private static int width(InetAddress address) {
        return address.getAddress().length * Byte.SIZE;
    }

    /** Reads a range, or a single address; empty when the text is neither. */
    public static Optional<IpRange> tryParse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return address(text).map(address -> new IpRange(address, width(address)));
        }
        String bits = text.substring(slash + 1);
        return address(text.substring(0, slash))
                .filter(address -> BITS.matcher(bits).matches() && Integer.parseInt(bits) <= width(address))
                .map(address -> new IpRange(address, Integer.parseInt(bits)));
    }

    /** The address that is written there, one of IPv4 in the words of IPv6 as that of IPv4; empty for anything else. */
    public static Optional<InetAddress> address(String text) {
        if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException noAddress) {
            return Optional.empty();
        }
    }

    /** The same addresses, named by the first of them. */
    public IpRange fromFirst() {
        byte[] first = address.getAddress();
        for (int bit = bits; bit < first.length * Byte.SIZE; bit++) {
            first[bit / Byte.SIZE] &= (byte) ~(0x80 >> bit % Byte.SIZE);
        }
        try {
            return new IpRange(InetAddress.getByAddress(first), bits);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("as many bytes as before", e);
        }
    }

    /** Whether the address is one of them; those of the other version never are. */
    public boolean contains(InetAddress other) {
        return width(other) == width(address)
                && new IpRange(other, bits).fromFirst().equals(fromFirst());
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + bits;
    }
}
