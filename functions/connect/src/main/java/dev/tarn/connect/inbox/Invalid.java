package dev.tarn.connect.inbox;

import dev.tarn.model.ErrorCode;

/** Words for bodies that are not what they should be. They say where, and never what stands there. */
final class Invalid {

    private Invalid() {}

    static RefusedException because(String what, String mend) {
        return new RefusedException(Receipt.Refused.of(ErrorCode.WEBHOOK_INVALID, what, mend));
    }

    static RefusedException notJson(String place) {
        return because("The body is not JSON at " + place + ".", "Send JSON as RFC 8259 has it; nothing was kept.");
    }

    static RefusedException notUtf8(String place) {
        return because("The body is not UTF-8 at " + place + ".", "Send UTF-8; nothing was kept.");
    }

    static RefusedException replaced() {
        return because(
                "The body is not UTF-8: bytes of it came as the character U+FFFD.", "Send UTF-8; nothing was kept.");
    }

    static RefusedException nul(String place) {
        return because(
                "The body holds the character NUL at " + place + ".",
                "Leave it out: databases behind the lake cannot keep it; nothing was kept.");
    }

    static RefusedException loneSurrogate(String place) {
        return because(
                "The body holds half of a surrogate pair at " + place + ".",
                "Send whole characters: no UTF-8 can hold a half; nothing was kept.");
    }

    static RefusedException sameKeyTwice(String place) {
        return because(
                "An object of the body has one key twice, at " + place + ".",
                "Send each key once: readers differ in which of two they take; nothing was kept.");
    }

    static RefusedException newKey(String place) {
        return because(
                "An event has a key that the endpoint has no column for, at " + place + ".",
                "Leave it out, or declare the column or schema: rescue for the endpoint; nothing was kept.");
    }

    static RefusedException tooDeep(String place, int levels) {
        return because(
                "The body is nested deeper than " + levels + " levels at " + place + ".",
                "Send flatter events; nothing was kept.");
    }

    static RefusedException longNumber(String place, int digits) {
        return because(
                "The body holds a number of more than " + digits + " characters at " + place + ".",
                "Send it as a text; nothing was kept.");
    }

    static RefusedException noObject(String place) {
        return because(
                "An event is no object, at " + place + ".", "Send an object, or a list of objects; nothing was kept.");
    }

    static RefusedException noItems(String path) {
        return because(
                "The body has no list at " + path + ".",
                "Send the events there, or correct 'items' of the endpoint; nothing was kept.");
    }

    static RefusedException longId(int most) {
        return because(
                "The id of an event is longer than " + most + " characters.", "Send a shorter one; nothing was kept.");
    }

    static RefusedException control(String header) {
        return because("The header " + header + " holds a control character.", "Send it without; nothing was kept.");
    }

    static RefusedException empty() {
        return because("The body is empty.", "Send an event; nothing was kept.");
    }
}
