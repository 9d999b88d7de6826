package dev.caravan.sink;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Tells addresses of the public internet from those of machines and networks around this one. */
final class PublicAddress {
    private PublicAddress() {}

    /**
     * Whether the address is global: neither loopback, private (RFC 1918), link-local (cloud metadata among it), shared
     * (CGNAT, RFC 6598), unique local, multicast, nor another of the IANA special-purpose blocks, and no IPv6 form of
     * one.
     */
    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        if (address instanceof Inet4Address) {
            return isPublicV4(address.getAddress());
        }
        return address instanceof Inet6Address && isPublicV6(address.getAddress());
    }

    private static boolean isPublicV4(byte[] bytes) {
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        int third = bytes[2] & 0xff;
        boolean shared = first == 100 && second >= 64 && second <= 127;
        boolean protocol = first == 192 && second == 0 && (third == 0 || third == 2);
        boolean relay = first == 192 && second == 88 && third == 99;
        boolean benchmark = first == 198 && (second == 18 || second == 19);
        boolean documentation =
                (first == 198 && second == 51 && third == 100) || (first == 203 && second == 0 && third == 113);
        return first != 0 && first < 240 && !shared && !protocol && !relay && !benchmark && !documentation;
    }

    /** Only 2000::/3 is global unicast; within it, tunnels are what they carry. */
    private static boolean isPublicV6(byte[] bytes) {
        int first = ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
        int second = ((bytes[2] & 0xff) << 8) | (bytes[3] & 0xff);
        if (first == 0x2002) {
            return carries(Arrays.copyOfRange(bytes, 2, 6));
        }
        if (first == 0x64 && second == 0xff9b) {
            return carries(Arrays.copyOfRange(bytes, 12, 16));
        }
        boolean special = first == 0x2001 && (second < 0x200 || second == 0xdb8);
        return (first & 0xe000) == 0x2000 && !special && (first & 0xfff0) != 0x3ff0;
    }

    private static boolean carries(byte[] v4) {
        try {
            return isPublic(InetAddress.getByAddress(v4));
        } catch (UnknownHostException neverForFourBytes) {
            return false;
        }
    }
}
