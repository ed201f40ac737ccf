# Whatever uses a certificate refers to its validation, which waits for the proof of ownership.
proof "acm.domain-ownership-must-be-proved" {
  every "aws_acm_certificate" {
    validation_method = one_of("DNS", "EMAIL")
  }

  every "aws_acm_certificate_validation" {
    certificate_arn = refers_to("aws_acm_certificate")
  }

  every "aws_lb_listener" {
    where {
      protocol = "HTTPS"
    }

    certificate_arn = refers_to("aws_acm_certificate_validation")
  }

  every "aws_cloudfront_distribution" {
    viewer_certificate {
      acm_certificate_arn = refers_to("aws_acm_certificate_validation")
    }
  }
}

proof "acm.external-registrar-ns-records" {
  human "runbooks/dns-domain.md" {
    heading = "Make the zone public"
    says    = "registrar"
  }
}

proof "acm.validation-method-immutable" {
  every "aws_acm_certificate" {
    lifecycle {
      create_before_destroy = true
    }
  }
}

proof "acm.change-validation-method" {
  human "runbooks/certificate-certificates.md" {
    heading = "Change the domain, or how it is validated"
    says    = "creates the new one first, moves the load balancer and CloudFront over, and then deletes the old one"
  }
}

proof "acm.security-policy-known-to-clients" {
  duty = "Only the logs, not the configuration, show which browsers are in use."

  every "aws_lb_listener" {
    where {
      protocol = "HTTPS"
    }

    ssl_policy = prefix("ELBSecurityPolicy-TLS13-1-2-")
  }

  every "aws_cloudfront_distribution" {
    viewer_certificate {
      minimum_protocol_version = "TLSv1.2_2021"
    }
  }

  human "runbooks/certificate-certificates.md" {
    heading = "Which TLS versions"
    says    = "Find out what clients use before you change them"
  }
}

proof "acm.external-certificate-where-acm-cannot" {
  duty = "Nothing in the architecture terminates TLS where ACM certificates cannot be used; that of an added server is installed by hand."

  human "runbooks/certificate-certificates.md" {
    heading = "Where TLS can terminate"
    says    = "A normal ACM certificate cannot be installed on a server: install one from elsewhere"
  }
}

proof "acm.pattern-route53-always" {
  every "aws_route53_record" {
    where {
      alias = set()
    }

    name = refers_to("var.domain_name")
  }
}

proof "acm.cloudfront-certificate-region" {
  every "aws_acm_certificate_validation" {
    where {
      region = set()
    }

    region          = "us-east-1"
    certificate_arn = refers_to("aws_acm_certificate.edge_certificate")
  }

  every "aws_cloudfront_distribution" {
    viewer_certificate {
      acm_certificate_arn = refers_to("aws_acm_certificate_validation.edge_certificate")
    }
  }

  some "aws_acm_certificate" {
    region = "us-east-1"
  }
}

# The region of the module's provider, which is the load balancer's.
proof "acm.alb-certificate-region" {
  every "aws_lb_listener" {
    where {
      protocol = "HTTPS"
    }

    certificate_arn = refers_to("aws_acm_certificate_validation.certificate")
  }

  some "aws_acm_certificate" {
    region = absent()
  }

  every "aws_acm_certificate_validation" {
    where {
      certificate_arn = refers_to("aws_acm_certificate.certificate")
    }

    region = absent()
  }
}

proof "acm.cloudfront-alb-same-domain" {
  every "aws_acm_certificate" {
    domain_name = "www.example.com"
  }

  every "aws_cloudfront_distribution" {
    aliases = ["www.example.com"]
  }

  some "aws_acm_certificate" {
    region = "us-east-1"
  }

  some "aws_acm_certificate" {
    region = absent()
  }
}
