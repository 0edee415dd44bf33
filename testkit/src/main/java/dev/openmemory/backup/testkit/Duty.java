package dev.openmemory.backup.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Binds a test to a numbered duty of the SPI: {@code T1}, {@code S3}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Duty {
  /** The number, from the Javadoc of the SPI. */
  String value();
}
