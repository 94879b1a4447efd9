package dev.tarn.engine.delta;

/** A change and who asks for it. Several appends may share a commit. */
record Member(TableChange change, CommitRequest request) {

    /** Whether the change adds rows and looks at none. */
    boolean isAppend() {
        TableChange.Parts parts = change.parts();
        return parts.reads() == ReadScope.NOTHING
                && parts.removed().isEmpty()
                && parts.schema() == null
                && parts.dataChange();
    }

    String update() {
        return request.update().toString();
    }
}
