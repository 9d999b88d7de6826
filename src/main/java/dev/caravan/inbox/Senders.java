package dev.caravan.inbox;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;

/** Who shares the bounds of one sender: an IPv4 address, or a /64 of IPv6, since whoever has one has all of it. */
final class Senders {
    private static final int NETWORK_BYTES = 8;

    private Senders() {}

    /** Text that is no address stands for itself. */
    static String of(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            // A literal with a colon is never looked up.
            byte[] bytes = InetAddress.getByName(address).getAddress();
            return bytes.length == 4
                    ? InetAddress.getByAddress(bytes).getHostAddress()
                    : HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES) + "/64";
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
