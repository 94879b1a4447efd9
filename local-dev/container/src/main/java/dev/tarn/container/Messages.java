package dev.tarn.container;

import com.microsoft.azure.functions.OutputBinding;
import java.util.List;

/** What a function hands out for a queue of Azure, kept for the answer instead. */
final class Messages implements OutputBinding<List<String>> {

    private List<String> messages = List.of();

    @Override
    public List<String> getValue() {
        return messages;
    }

    @Override
    public void setValue(List<String> handed) {
        messages = List.copyOf(handed);
    }
}
