package dev.openmemory.backup.testconditions;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A test of random exploration, run by {@code .ci/soak} only. See {@link Soak#rounds}. */
@Test
@Tag("soak")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface SoakTest {}
